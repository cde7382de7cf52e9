"""A local Redshift: the Data API on an embedded PostgreSQL, with Redshift SQL translated to PostgreSQL's.

`Warehouse` is the database server, `install` connects it to moto's `redshift-data`, and `translate` translates one
statement. The package knows nothing of any pipeline.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import LoadError, RefusedByRedshift, StatementError, UnsupportedStatement
    from .patches import install
    from .translation import translate
    from .warehouse import Warehouse, WarehouseError

__all__ = [
    "LoadError",
    "RefusedByRedshift",
    "StatementError",
    "UnsupportedStatement",
    "Warehouse",
    "WarehouseError",
    "install",
    "translate",
]
_MODULES = {"install": "patches", "translate": "translation", "Warehouse": "warehouse", "WarehouseError": "warehouse"}


def __getattr__(name: str) -> Any:
    """Imports on first use: starting the database does not need the 45 MB that translating a statement needs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)
