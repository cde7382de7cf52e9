"""A local Redshift: the Data API over Redshift SQL that is translated and executed on an embedded PostgreSQL.

`Warehouse` is the database server, `install` puts it behind moto's `redshift-data`, `translate` is the translation of
one statement. It knows nothing of any pipeline.
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
    """Imports with the first use: starting the database needs none of the 45 MB that translating a statement needs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)
