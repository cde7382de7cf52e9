"""A local Redshift: the Data API and the wire protocol, on an embedded PostgreSQL, with translated SQL.

`Warehouse` is the database server, `Door` the port for Redshift's clients, `install` connects the server to moto's
`redshift-data`, and `translate` translates one statement. The package knows nothing of any pipeline.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .credentials.serverless import Application as ServerlessApplication
    from .credentials.store import CredentialStore
    from .database.warehouse import Warehouse, WarehouseError
    from .door.server import Door
    from .door.services import Services
    from .errors import LoadError, RefusedByRedshift, StatementError, UnsupportedStatement
    from .patches import install, install_logins
    from .translator.translation import translate

__all__ = [
    "CredentialStore",
    "Door",
    "LoadError",
    "RefusedByRedshift",
    "ServerlessApplication",
    "Services",
    "StatementError",
    "UnsupportedStatement",
    "Warehouse",
    "WarehouseError",
    "install",
    "install_logins",
    "translate",
]
_MODULES = {
    "CredentialStore": "credentials.store",
    "Door": "door.server",
    "Services": "door.services",
    "install": "patches",
    "install_logins": "patches",
    "translate": "translator.translation",
    "Warehouse": "database.warehouse",
    "WarehouseError": "database.warehouse",
}


def __getattr__(name: str) -> Any:
    """Imports on first use: starting the database does not need the 45 MB that translating a statement needs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    if name == "ServerlessApplication":
        return importlib.import_module(f"{__name__}.credentials.serverless").Application
    return getattr(importlib.import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)
