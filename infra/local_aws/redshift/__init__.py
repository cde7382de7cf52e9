"""A local Redshift: the Data API over Redshift SQL that is translated and executed on an embedded PostgreSQL.

`Warehouse` is the database server, `install` puts it behind moto's `redshift-data`, `translate` is the translation of
one statement. It knows nothing of any pipeline.
"""

from .errors import LoadError, RefusedByRedshift, StatementError, UnsupportedStatement
from .patches import install
from .translate import translate
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
