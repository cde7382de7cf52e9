"""Where moto's `redshift-data` is patched: its operations run on the warehouse."""

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
    """Let moto's `redshift-data` execute its statements on this warehouse.

    Args:
        warehouse: A started warehouse.
        object_path: Gives the file of an `s3://` URI, for COPY and UNLOAD; None uses boto3 and `AWS_ENDPOINT_URL`.
        caller: From a request's header `Authorization` to the role that sent it; None for the administrator. A role's
            statements run as the user `IAMR:<role>`, which is made when it is new.
        role_access: What the role of a COPY or UNLOAD may do in S3; None: anything.
        catalog: The Glue catalog, for external schemas; None: there are none.
        workgroup: The only workgroup there is; None: any name is one. There are no clusters beside it.
        results: Keeps what statements return; below the warehouse's state directory unless told otherwise.

    Returns:
        The statements.
    """
    kept = results or Results(warehouse.home.state / "redshift-results")
    statements = StatementStore(warehouse, lambda: object_store(object_path), role_access, catalog, kept)
    apply(PATCHES, DataApi(statements, caller, workgroup))
    return statements
