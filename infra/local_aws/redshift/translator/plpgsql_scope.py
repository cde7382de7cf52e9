"""The position of a statement in a procedure's body, and what is allowed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

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
        can_commit: Whether PostgreSQL lets the procedure commit: it has neither SECURITY DEFINER nor SET.
        handler: The number of the handler whose statements these are; 0: none.
        in_protected: Inside a block with an exception handler of PostgreSQL's, where it can't commit.
        guarded_by: The number of the handler that gets the errors of single statements; 0: none.
        in_cursor: Inside a loop over a query.
    """

    translate: TranslateSql
    nonatomic: bool
    can_commit: bool = True
    handler: int = 0
    in_protected: bool = False
    guarded_by: int = 0
    in_cursor: bool = False

    def but(self, **changes: Any) -> Scope:
        """The same position with some attributes changed."""
        return replace(self, **changes)
