"""The position of a statement in a procedure's body, and what is allowed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

SWALLOWED = (
    "an exception block always ends by raising the error again in Redshift and cannot write after it rolled back; "
    "end the handler with RAISE EXCEPTION and let the caller log"
)
DYNAMIC = "EXECUTE of dynamic SQL is refused here, because its text is not translated or checked; write static SQL"

TranslateSql = Callable[[str], list[str]]
"""Translates one Redshift statement into PostgreSQL's.

A body contains statements, and the statement CREATE PROCEDURE contains a body. So the caller passes the translator of
statements to the reader of a body.
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """The position in the body.

    Attributes:
        translate: Translates a SQL statement.
        nonatomic: Statements commit one by one.
        in_handler: Inside EXCEPTION WHEN OTHERS.
        in_protected: Inside a block with an exception handler, where PostgreSQL can't commit.
        in_cursor: Inside a loop over a query.
    """

    translate: TranslateSql
    nonatomic: bool
    in_handler: bool = False
    in_protected: bool = False
    in_cursor: bool = False

    def but(self, **changes: Any) -> Scope:
        """The same position with some attributes changed."""
        return replace(self, **changes)
