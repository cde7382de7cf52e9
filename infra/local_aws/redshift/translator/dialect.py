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

from .words import FOREIGN, RESERVED

_SPECIAL_FORMS = ("CAST", "CONVERT", "EXTRACT", "POSITION", "SUBSTRING", "TRIM", "TRY_CAST")


# Clauses after FROM. FETCH, FOR, LOCK, TABLESAMPLE and WINDOW are read only to be refused by name.
_CLAUSES = (
    TokenType.WHERE, TokenType.GROUP_BY, TokenType.HAVING, TokenType.QUALIFY, TokenType.ORDER_BY, TokenType.LIMIT,
    TokenType.OFFSET, TokenType.CONNECT_BY, TokenType.FETCH, TokenType.FOR, TokenType.LOCK, TokenType.TABLE_SAMPLE,
    TokenType.WINDOW,
)  # fmt: skip


_NO_ALIAS = RESERVED - {"as"}


class _Parser(RedshiftParser):
    SUPPORTS_IMPLICIT_UNNEST = False
    OPTIONAL_ALIAS_TOKEN_CTE = False
    SUPPORTS_DIRECTED_JOIN = False
    JOIN_METHODS = {TokenType.NATURAL}
    JOIN_KINDS = {TokenType.INNER, TokenType.CROSS, TokenType.OUTER}
    QUERY_MODIFIER_PARSERS = {token: RedshiftParser.QUERY_MODIFIER_PARSERS[token] for token in _CLAUSES}
    QUERY_MODIFIER_TOKENS = set(_CLAUSES)
    EQUALITY = {token: RedshiftParser.EQUALITY[token] for token in (TokenType.EQ, TokenType.NEQ)}
    FACTOR = {token: RedshiftParser.FACTOR[token] for token in (TokenType.MOD, TokenType.SLASH, TokenType.STAR)}
    ASSIGNMENT: ClassVar[dict[Any, Any]] = {}
    LAMBDAS = {TokenType.FARROW: RedshiftParser.LAMBDAS[TokenType.FARROW]}
    FUNCTIONS: ClassVar[dict[str, Any]] = {}
    FUNCTION_PARSERS = {name: RedshiftParser.FUNCTION_PARSERS[name] for name in _SPECIAL_FORMS} | {
        "OBJECT_TRANSFORM": lambda self: self._parse_transform()
    }
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
        TokenType.CURRENT_USER_ID: exp.CurrentUserId,
        TokenType.SESSION_USER: exp.SessionUser,
    }

    def _parse_limit(
        self, this: exp.Expr | None = None, top: bool = False, skip_limit_token: bool = False
    ) -> exp.Expr | None:
        """LIMIT and TOP. `LIMIT 5, 2` is MySQL's: sqlglot keeps no trace of it in the tree."""
        limit = super()._parse_limit(this, top, skip_limit_token)
        if isinstance(limit, exp.Limit) and limit.args.get("offset"):
            self.raise_error("LIMIT takes one number", token=self._prev)
        return limit

    def _parse_delete(self) -> exp.Delete:
        """`DELETE t` is `DELETE FROM t`; `DELETE t FROM t JOIN …` is MySQL's."""
        delete = super()._parse_delete()
        tables = delete.args.get("tables")
        if tables and len(tables) == 1 and not delete.this:
            delete.set("this", tables[0])
            delete.set("tables", None)
        return delete

    def _parse_alias(self, this: exp.Expr | None, explicit: bool = False) -> exp.Expr | None:
        """A reserved word is an alias only after AS."""
        if self._curr and self._curr.token_type != TokenType.IDENTIFIER and self._curr.text.lower() in _NO_ALIAS:
            return this
        return super()._parse_alias(this, explicit)

    def _parse_parameter(self) -> exp.Expr:  # type: ignore[override]
        """`@ x` is the absolute value: Redshift has no parameters that begin with @.

        Source: https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html
        """
        return exp.Anonymous(this="abs", expressions=[self._parse_unary()])

    def _parse_bitwise(self) -> exp.Expr | None:
        """`a # b` is the exclusive or; the tokenizer reads # as the beginning of a temporary table's name."""
        operand = super()._parse_bitwise()
        while self._curr and self._curr.token_type == TokenType.VAR and self._curr.text == "#":
            self._advance()
            operand = exp.BitwiseXor(this=operand, expression=super()._parse_bitwise())
        return operand

    def _parse_approximate(self) -> exp.Expr | None:
        """`APPROXIMATE COUNT(DISTINCT x)` and `APPROXIMATE PERCENTILE_DISC(x) …`: an exact result is permitted."""
        index = self._index - 1
        call = self._parse_function()
        inner = call
        while isinstance(inner, (exp.Window, exp.WithinGroup)):
            inner = inner.this
        if isinstance(inner, exp.Anonymous) and inner.name.lower() in ("count", "percentile_disc"):
            return call
        self._retreat(index)
        return None

    def _parse_table(self, *args: Any, **options: Any) -> exp.Expr | None:
        """Reads a FROM item; one that iterates over a SUPER value with brackets or UNNEST becomes an AtIndex.

        sqlglot reads `FROM t, t.items AS i AT n`, but not a path with brackets. Its issue would be: "Redshift:
        navigation with brackets in FROM (`FROM t, t.data[0].items AS i AT n`) fails to parse".
        """
        start = self._index
        unpivot = self._match(TokenType.UNPIVOT)
        if self._bracket_follows():
            item = self._parse_item(self._parse_column())
            return exp.Pivot(this=item, unpivot=True) if unpivot else item
        self._retreat(start)
        return super()._parse_table(*args, **options)

    def _bracket_follows(self) -> bool:
        """Whether the next tokens are names with dots, and then a bracket."""
        at = self._index
        while at + 1 < len(self._tokens) and self._tokens[at + 1].token_type == TokenType.DOT:
            at += 2
        return (
            at > self._index - 1
            and at + 1 < len(self._tokens)
            and (
                self._tokens[at + 1].token_type == TokenType.L_BRACKET
                and self._tokens[at].token_type in (TokenType.VAR, TokenType.IDENTIFIER)
            )
        )

    def _parse_star_op(self, *keywords: str) -> list[exp.Expr] | None:
        """`* EXCLUDE …`; Redshift has no `* EXCEPT`, `* REPLACE` or `* RENAME`, which sqlglot reads for it."""
        return super()._parse_star_op("EXCLUDE") if "EXCLUDE" in keywords else None

    def _parse_transform(self) -> exp.ObjectTransform:
        """`OBJECT_TRANSFORM(value [KEEP path, …] [SET path, value, …])`."""
        value = self._parse_bitwise()
        kept = self._parse_csv(self._parse_bitwise) if self._match_text_seq("KEEP") else []
        changed = self._parse_csv(self._parse_bitwise) if self._match_text_seq("SET") else []
        return exp.ObjectTransform(this=value, keep=kept, set_=changed)

    def _parse_item(self, value: exp.Expr | None) -> exp.AtIndex:
        """`value [AS] alias [AT index]`."""
        alias = self._parse_table_alias()
        index = self._parse_id_var() if self._match_text_seq("AT") else None
        named = exp.Alias(this=value, alias=alias.this) if alias else value
        return exp.AtIndex(this=named, expression=index)

    def _parse_unnest(self, with_alias: bool = True) -> exp.Unnest | None:
        """`UNNEST(value) [WITH OFFSET] [AS] alias (item [, offset])`; sqlglot reads BigQuery's WITH OFFSET AS name."""
        if not self._match_pair(TokenType.UNNEST, TokenType.L_PAREN, advance=False):
            return None
        self._advance()
        values = self._parse_wrapped_csv(self._parse_column)
        offset = bool(self._match_text_seq("WITH", "OFFSET"))
        return exp.Unnest(expressions=values, alias=self._parse_table_alias() if with_alias else None, offset=offset)


class RedshiftSource(Redshift):
    """Redshift SQL as the parser reads it."""

    Parser = _Parser
    SUPPORTS_USER_DEFINED_TYPES = True  # so that our own table of types names the one that does not exist

    class Tokenizer(Redshift.Tokenizer):
        """Redshift's tokens: other databases' keywords are names."""

        KEYWORDS: ClassVar[dict[str, TokenType]] = {
            word: token for word, token in Redshift.Tokenizer.KEYWORDS.items() if word not in FOREIGN
        }


class PostgresTarget(Postgres):
    """PostgreSQL as the generator writes it: function names stay as they are, not upper-cased."""

    class Generator(PostgresGenerator):
        """Quotes identifiers and keeps function names."""

        NORMALIZE_FUNCTIONS: bool | str = False
