"""Patches of moto's `redshift-data` and `redshift`: SQL runs on the warehouse, and logins to it work."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from moto.redshift.responses import RedshiftResponse
from moto.redshiftdata.responses import RedshiftDataAPIServiceResponse as Response

from ..patching import Patch, apply, bound
from .credentials import cluster
from .credentials.identity import Endpoint, Senders
from .credentials.store import CredentialStore
from .data_api.operations import OPERATIONS, DataApi, Operation, answering
from .data_api.statements import StatementStore
from .database.warehouse import Warehouse
from .results import Results
from .transfer.external import Catalog
from .transfer.objects import ObjectPath, RoleAccess, object_store

_WRITTEN_FOR = {
    "execute_statement": "5.2.5 e8fb31765917",
    "batch_execute_statement": "5.2.5 absent",
    "describe_statement": "5.2.5 f7c89086af56",
    "get_statement_result": "5.2.5 f103fecb6213",
    "cancel_statement": "5.2.5 e38c2a2449cf",
    "list_statements": "5.2.5 absent",
    "list_sessions": "5.2.5 absent",
    "list_databases": "5.2.5 absent",
    "list_schemas": "5.2.5 absent",
    "list_tables": "5.2.5 absent",
    "describe_table": "5.2.5 absent",
}


def _make(operation: Operation, _original: Any, api: DataApi) -> Any:
    return answering(operation, api)


_LOGINS = "moto's passwords open nothing, and its endpoints do not exist"
_LOGIN_PATCHES = (
    Patch(
        RedshiftResponse,
        "get_cluster_credentials",
        "5.2.5 f43b1d2324e1",
        _LOGINS,
        bound(cluster.get_cluster_credentials),
    ),
    Patch(
        RedshiftResponse,
        "get_cluster_credentials_with_iam",
        "5.2.5 absent",
        _LOGINS,
        bound(cluster.get_cluster_credentials_with_iam),
    ),
    Patch(RedshiftResponse, "describe_clusters", "5.2.5 7e88f342202c", _LOGINS, bound(cluster.describe_clusters)),
    Patch(
        RedshiftResponse,
        "describe_custom_domain_associations",
        "5.2.5 absent",
        _LOGINS,
        bound(cluster.describe_custom_domain_associations),
    ),
)
_DATA_PATCHES = tuple(
    Patch(Response, name, _WRITTEN_FOR[name], "moto executes nothing", functools.partial(_make, operation))
    for name, operation in OPERATIONS.items()
)
PATCHES = (*_DATA_PATCHES, *_LOGIN_PATCHES)


def install(
    warehouse: Warehouse,
    object_path: ObjectPath | None = None,
    *,
    caller: Senders = lambda _: None,
    role_access: RoleAccess | None = None,
    catalog: Catalog | None = None,
    workgroup: str | None = None,
    results: Results | None = None,
) -> StatementStore:
    """Makes moto's `redshift-data` execute its statements on this warehouse.

    Args:
        warehouse: A started warehouse.
        object_path: Returns the file of an `s3://` URI, for COPY and UNLOAD, or raises LookupError if there is no such
            bucket; None uses boto3 and `AWS_ENDPOINT_URL`.
        caller: Returns who sent a request, given its header `Authorization`; None for the administrator. Its
            statements run as its database user, who is created on first use.
        role_access: Checks accesses to S3 by the role or access key of a COPY or UNLOAD; None: no check.
        catalog: The Glue catalog, for external schemas; None: there are none.
        workgroup: The only workgroup; None accepts any name. There are no clusters.
        results: Stores the results of statements; by default below the warehouse's state directory.

    Returns:
        The statements.
    """
    result_store = results or Results(warehouse.home.state / "redshift-results")
    statements = StatementStore(warehouse, lambda: object_store(object_path), role_access, catalog, result_store)
    apply(_DATA_PATCHES, DataApi(statements, caller, workgroup))
    return statements


def install_logins(
    warehouse: Warehouse, port: Callable[[], int], *, caller: Senders = lambda _: None, workgroup: str | None = None
) -> Endpoint:
    """Makes moto's `redshift` give out logins to this warehouse.

    Args:
        warehouse: A started warehouse.
        port: Returns the port that Redshift's clients connect to.
        caller: As for `install`.
        workgroup: The name of the only cluster; None accepts any name.

    Returns:
        The warehouse as an endpoint, for the service `redshift-serverless`.
    """
    endpoint = Endpoint(CredentialStore(warehouse), caller, port, workgroup)
    apply(_LOGIN_PATCHES, endpoint)
    return endpoint
