"""Who is who in the warehouse: the users that sessions of IAM roles are, their database roles, and who owns what; and
the external schemas, through which the lake is read beside the stars.

What a role may do is static SQL, in the folders `grants`. Redshift knows a session of an IAM role as a user of that
role's name behind `IAMR:`
(https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetCredentials.html).
"""

from __future__ import annotations

from collections.abc import Iterable

from aws_services import resources
from aws_services.errors import StatementFailed
from aws_services.redshift_data import RedshiftData

USERS = {f"IAMR:{iam_role}": role for iam_role, role in resources.DATABASE_ROLES.items()}
"""Database user -> database role."""
OWNER = f"IAMR:{resources.EXTRACTOR_ROLE}"
"""Owns the materialized views, because Redshift lets nobody but its owner refresh one."""

EXTERNAL_SCHEMAS = {database.removeprefix("boxoffice_"): database for database in resources.DATABASES}
"""External schema -> database of the Glue catalog. What its tables hold, Redshift reads as a role that sees no
personal data."""


def create_users(redshift: RedshiftData) -> list[str]:
    """Make the users that are not there yet: without a password, so that only IAM lets anybody be one.

    Returns:
        Those that were made.

    Raises:
        StatementFailed: Redshift refused one.
    """
    return [user for user in USERS if user.lower() not in _known(redshift) and _create(redshift, user)]


def _create(redshift: RedshiftData, user: str) -> bool:
    try:
        redshift.execute(f'CREATE USER "{user}" PASSWORD DISABLE')
    except StatementFailed:
        if user.lower() not in _known(redshift):
            raise
        return False  # its first session, or another applier, was faster
    return True


def _known(redshift: RedshiftData) -> set[str]:
    return {str(row["usename"]).lower() for row in redshift.execute("SELECT usename FROM pg_user")}


def grants_of_users(materialized_views: Iterable[str]) -> str:
    """The SQL that gives each user its role, and the materialized views to who refreshes them.

    It also lets `etl` keep tables in order that it does not own: by permissions of the system, which sqlfluff cannot
    parse.
    """
    roles = [f'GRANT ROLE {role} TO "{user}";' for user, role in USERS.items()]
    upkeep = [f"GRANT {permission} TO ROLE etl;  -- noqa: PRS" for permission in ("ANALYZE", "VACUUM")]
    return "\n".join([*roles, *upkeep, *(f'ALTER TABLE {view} OWNER TO "{OWNER}";' for view in materialized_views)])


def external_schema(name: str) -> str:
    """The SQL that makes an external schema."""
    database = EXTERNAL_SCHEMAS[name]
    return (
        f"CREATE EXTERNAL SCHEMA IF NOT EXISTS {name}\n"
        f"FROM DATA CATALOG DATABASE '{database}'\n"
        f"IAM_ROLE '{resources.CATALOG_ROLE_ARN}';"
    )


def grants_of_external_schemas() -> str:
    """The SQL that lets analysts read the lake."""
    return "\n".join(f"GRANT USAGE ON SCHEMA {name} TO ROLE data_analysts;" for name in EXTERNAL_SCHEMAS)
