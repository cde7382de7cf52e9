"""Redshift's grammar for sqlglot, without sqlglot's own treatment of functions.

sqlglot turns DATEDIFF, GETDATE, CONCAT and others into neutral nodes, and generates PostgreSQL with another meaning.
Here every call stays as written (`exp.Anonymous`), so that our own table decides about each name.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.dialects.redshift import Redshift
from sqlglot.generators.postgres import PostgresGenerator
from sqlglot.parsers.redshift import RedshiftParser
from sqlglot.tokenizer_core import TokenType

_SPECIAL_FORMS = ("CAST", "CONVERT", "EXTRACT", "POSITION", "SUBSTRING", "TRIM", "TRY_CAST")


class _Parser(RedshiftParser):
    SUPPORTS_IMPLICIT_UNNEST = False
    FUNCTIONS: ClassVar[dict[str, Any]] = {}
    FUNCTION_PARSERS = {name: RedshiftParser.FUNCTION_PARSERS[name] for name in _SPECIAL_FORMS}
    NO_PAREN_FUNCTION_PARSERS = {
        "ANY": RedshiftParser.NO_PAREN_FUNCTION_PARSERS["ANY"],
        "CASE": RedshiftParser.NO_PAREN_FUNCTION_PARSERS["CASE"],
        "APPROXIMATE": lambda self: self._parse_approximate(),
        "SYSDATE": lambda self: exp.Anonymous(this="sysdate"),
    }
    NO_PAREN_FUNCTIONS = {
        TokenType.CURRENT_DATE: exp.CurrentDate,
        TokenType.CURRENT_TIMESTAMP: exp.CurrentTimestamp,
        TokenType.CURRENT_USER: exp.CurrentUser,
    }

    def _parse_approximate(self) -> exp.Expr | None:
        """`APPROXIMATE COUNT(DISTINCT x)`: an exact count is a permitted result."""
        index = self._index - 1
        call = self._parse_function()
        if isinstance(call, exp.Anonymous) and call.name.lower() == "count":
            return call
        self._retreat(index)
        return None


class RedshiftSource(Redshift):
    """Redshift SQL as the parser reads it."""

    Parser = _Parser


class PostgresTarget(Postgres):
    """PostgreSQL as the generator writes it: function names stay as they are, not upper-cased."""

    class Generator(PostgresGenerator):
        """Quotes identifiers and keeps function names."""

        NORMALIZE_FUNCTIONS: bool | str = False
