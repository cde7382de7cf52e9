"""Patches of moto's `redshift-data`: its operations run on the warehouse."""

from __future__ import annotations

import functools
from typing import Any

from moto.redshiftdata.responses import RedshiftDataAPIServiceResponse as Response

from ..patching import Patch, apply
from .data_api import OPERATIONS, DataApi, Operation, Sender, answering
from .external import Catalog
from .objects import ObjectPath, RoleAccess, object_store
from .results import Results
from .statements import StatementStore
from .warehouse import Warehouse

_WRITTEN_FOR = {
    "execute_statement": "5.2.5 e8fb31765917",
    "batch_execute_statement": "5.2.5 absent",
    "describe_statement": "5.2.5 f7c89086af56",
    "get_statement_result": "5.2.5 f103fecb6213",
    "cancel_statement": "5.2.5 e38c2a2449cf",
    "list_statements": "5.2.5 absent",
    "list_databases": "5.2.5 absent",
    "list_schemas": "5.2.5 absent",
    "list_tables": "5.2.5 absent",
    "describe_table": "5.2.5 absent",
}


def _make(operation: Operation, _original: Any, api: DataApi) -> Any:
    return answering(operation, api)


PATCHES = tuple(
    Patch(Response, name, _WRITTEN_FOR[name], "moto executes nothing", functools.partial(_make, operation))
    for name, operation in OPERATIONS.items()
)


def install(
    warehouse: Warehouse,
    object_path: ObjectPath | None = None,
    *,
    caller: Sender = lambda _: None,
    role_access: RoleAccess | None = None,
    catalog: Catalog | None = None,
    workgroup: str | None = None,
    results: Results | None = None,
) -> StatementStore:
    """Makes moto's `redshift-data` execute its statements on this warehouse.

    Args:
        warehouse: A started warehouse.
        object_path: Returns the file of an `s3://` URI, for COPY and UNLOAD; None uses boto3 and `AWS_ENDPOINT_URL`.
        caller: Returns the role that sent a request, given its header `Authorization`; None for the administrator. A
            role's statements run as the user `IAMR:<role>`, who is created on first use.
        role_access: Checks accesses to S3 by the role of a COPY or UNLOAD; None: no check.
        catalog: The Glue catalog, for external schemas; None: there are none.
        workgroup: The only workgroup; None accepts any name. There are no clusters.
        results: Stores the results of statements; by default below the warehouse's state directory.

    Returns:
        The statements.
    """
    result_store = results or Results(warehouse.home.state / "redshift-results")
    statements = StatementStore(warehouse, lambda: object_store(object_path), role_access, catalog, result_store)
    apply(PATCHES, DataApi(statements, caller, workgroup))
    return statements
