"""The Glue catalog as Redshift's external schemas read it, with the permissions of the schema's role."""

from __future__ import annotations

import json
from typing import Any

from moto.glue import models as glue_models

from .. import account
from ..access import AccessDenied, Guard, tables
from ..redshift.transfer.external import ExternalPartition, ExternalTable

_REGION = "us-east-1"
SESSION = "RedshiftIamRoleSession"
"""The name that Redshift gives its sessions of the roles that it assumes."""
SERVICES = ("redshift-serverless.amazonaws.com", "redshift.amazonaws.com")
"""The services that such a role must trust."""


class GlueCatalog:
    """The catalog for Redshift.

    Args:
        guard: checks the policies of an external schema's role.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def names(self, role: str, database: str, /) -> list[str]:
        """The names of a database's tables; none if the role may not list them."""
        try:
            requests = tables("GetTables", _REGION, database, "*")
            self._guard.require_role(role, SESSION, *requests, services=SERVICES)
        except AccessDenied:
            return []
        catalog_database = glue_models.glue_backends[account.ID][_REGION].databases.get(database)
        return sorted(catalog_database.tables) if catalog_database is not None else []

    def __call__(self, role: str, database: str, name: str, /) -> ExternalTable | None:
        """A table of the catalog, or None if it doesn't exist.

        Args:
            role: ARN of the external schema's role.
            database: database in the catalog.
            name: the table's name.

        Raises:
            AccessDenied: the role may not read the table in the catalog.
        """
        for operation in ("GetTable", "GetPartitions"):
            requests = tables(operation, _REGION, database, name)
            self._guard.require_role(role, SESSION, *requests, services=SERVICES)
        catalog_database = glue_models.glue_backends[account.ID][_REGION].databases.get(database)
        table = catalog_database.tables.get(name) if catalog_database is not None else None
        return None if table is None else _external_table(table)


def _external_table(table: Any) -> ExternalTable:
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
        storage={
            "location": storage.get("Location", ""),
            "input_format": storage.get("InputFormat", ""),
            "output_format": storage.get("OutputFormat", ""),
            "serialization_lib": storage.get("SerdeInfo", {}).get("SerializationLibrary", ""),
            "serde_parameters": json.dumps(storage.get("SerdeInfo", {}).get("Parameters", {})),
            "parameters": json.dumps(content.get("Parameters", {})),
        },
    )
