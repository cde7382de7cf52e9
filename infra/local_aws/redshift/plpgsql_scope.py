"""Where in a procedure's body a statement is, and what that place allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

SWALLOWED = (
    "an exception block always ends by raising the error again in Redshift and cannot write after it rolled back; "
    "end the handler with RAISE EXCEPTION and let the caller log"
)
DYNAMIC = "EXECUTE of dynamic SQL is refused here: nobody translated or checked its text; write static SQL"

TranslateSql = Callable[[str], list[str]]
"""From one Redshift statement to PostgreSQL's.

A body holds statements, and CREATE PROCEDURE, a statement, holds a body. So the reader of a body is handed the
translator of statements.
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where in the body we are.

    Attributes:
        translate: Translates a SQL statement.
        nonatomic: Statements commit one by one.
        in_handler: Inside EXCEPTION WHEN OTHERS.
        in_protected: Inside a block that has an exception handler, where PostgreSQL cannot commit.
        in_cursor: Inside a loop over a query.
    """

    translate: TranslateSql
    nonatomic: bool
    in_handler: bool = False
    in_protected: bool = False
    in_cursor: bool = False

    def but(self, **changes: Any) -> Scope:
        """The same place with some facts changed."""
        return replace(self, **changes)
