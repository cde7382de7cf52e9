"""The Glue catalog as Redshift's external schemas see it: in the name of the schema's role."""

from __future__ import annotations

from typing import Any

from moto.glue import models as glue_models

from .. import account
from ..access import Guard, tables
from ..redshift.external import ExternalTable, Partition

_REGION = "us-east-1"
SESSION = "RedshiftIamRoleSession"
"""What Redshift calls its sessions of the roles that it takes on."""
SERVICES = ("redshift-serverless.amazonaws.com", "redshift.amazonaws.com")
"""Whom such a role trusts."""


def external_table(guard: Guard, role: str, database: str, name: str) -> ExternalTable | None:
    """A table of the catalog, or None when there is none.

    Args:
        guard: holds the role to its policies.
        role: ARN of the external schema's role.
        database: database of the catalog.
        name: the table.

    Raises:
        AccessDenied: the role may not read the table in the catalog.
    """
    for operation in ("GetTable", "GetPartitions"):
        guard.require_role(role, SESSION, *tables(operation, _REGION, database, name), services=SERVICES)
    found = glue_models.glue_backends[account.ID][_REGION].databases.get(database)
    table = found.tables.get(name) if found is not None else None
    if table is None:
        return None
    content: dict[str, Any] = table.get_version(str(table._current_version))
    storage, keys = content["StorageDescriptor"], content.get("PartitionKeys") or []
    partitions = [
        Partition(each.partition_input["StorageDescriptor"]["Location"], tuple(each.values))
        for each in table.partitions.values()
    ]
    return ExternalTable(
        columns={column["Name"].lower(): column["Type"] for column in storage["Columns"]},
        partition_keys={key["Name"].lower(): key["Type"] for key in keys},
        partitions=tuple(partitions) if keys else (Partition(storage["Location"]),),
        is_parquet="parquet" in storage.get("InputFormat", "").lower(),
    )
