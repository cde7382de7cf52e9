"""The Glue catalog as Redshift's external schemas read it, with the permissions of the schema's role."""

from __future__ import annotations

from typing import Any

from moto.glue import models as glue_models

from .. import account
from ..access import Guard, tables
from ..redshift.external import ExternalPartition, ExternalTable

_REGION = "us-east-1"
SESSION = "RedshiftIamRoleSession"
"""The name that Redshift gives its sessions of the roles that it assumes."""
SERVICES = ("redshift-serverless.amazonaws.com", "redshift.amazonaws.com")
"""The services that such a role must trust."""


def external_table(guard: Guard, role: str, database: str, name: str) -> ExternalTable | None:
    """A table of the catalog, or None if it doesn't exist.

    Args:
        guard: checks the role's policies.
        role: ARN of the external schema's role.
        database: database in the catalog.
        name: the table's name.

    Raises:
        AccessDenied: the role may not read the table in the catalog.
    """
    for operation in ("GetTable", "GetPartitions"):
        guard.require_role(role, SESSION, *tables(operation, _REGION, database, name), services=SERVICES)
    catalog_database = glue_models.glue_backends[account.ID][_REGION].databases.get(database)
    table = catalog_database.tables.get(name) if catalog_database is not None else None
    if table is None:
        return None
    content: dict[str, Any] = table.get_version(str(table._current_version))
    storage = content["StorageDescriptor"]
    keys = content.get("PartitionKeys") or []
    partitions = [
        ExternalPartition(partition.partition_input["StorageDescriptor"]["Location"], tuple(partition.values))
        for partition in table.partitions.values()
    ]
    return ExternalTable(
        columns={column["Name"].lower(): column["Type"] for column in storage["Columns"]},
        partition_keys={key["Name"].lower(): key["Type"] for key in keys},
        partitions=tuple(partitions) if keys else (ExternalPartition(storage["Location"]),),
        is_parquet="parquet" in storage.get("InputFormat", "").lower(),
    )
