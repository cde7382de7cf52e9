"""Exception handlers of procedures, which end otherwise than PostgreSQL's.

In an atomic procedure, Redshift rolls the transaction back, runs the handler in a new one, commits it, and raises the
error again, whatever the handler does. In a NONATOMIC procedure, only the failed statement is rolled back, and the
procedure goes on after the block.

PostgreSQL can't commit inside a block with a handler. So the handler's statements stand after the block, which only
keeps the error. In a NONATOMIC procedure, each statement gets a block of its own, so that those before it stay; errors
in the conditions of IF and loops don't reach the handler there.
Source: https://docs.aws.amazon.com/redshift/latest/dg/stored-procedure-trapping-errors.html
"""

from __future__ import annotations

from ..errors import UnsupportedStatement
from .plpgsql_scope import Scope

UNTRANSLATED = "RS001"
"""The state of the error that asks the session to translate dynamic SQL. No handler may stop it."""
_PASS = f"WHEN SQLSTATE '{UNTRANSLATED}' THEN RAISE;"


def variables(number: int) -> str:
    """Declarations that a block with a handler needs."""
    return f"rs_failed_{number} boolean := false; rs_message_{number} text; rs_state_{number} text;\n"


def _keep(number: int) -> str:
    return (
        f"EXCEPTION {_PASS} WHEN OTHERS THEN rs_failed_{number} := true; "
        f"rs_message_{number} := SQLERRM; rs_state_{number} := SQLSTATE;"
    )


def guard(statement: str, number: int) -> str:
    """One statement whose error leaves the block of this handler."""
    return f"BEGIN\n{statement}{_keep(number)} END;\nEXIT rs_try_{number} WHEN rs_failed_{number};\n"


def raise_again(number: int) -> str:
    """RAISE without arguments, for statements that stand after the block."""
    return f"RAISE EXCEPTION USING MESSAGE = rs_message_{number}, ERRCODE = rs_state_{number}"


def protect(body: str, handler: str, number: int, scope: Scope, *, writes: bool) -> str:
    """A block's statements and its handler.

    Args:
        body: The translated statements.
        handler: The translated statements of the handler.
        number: The handler's number in the procedure.
        scope: Where the block is.
        writes: Whether the handler writes.

    Raises:
        UnsupportedStatement: the handler writes where PostgreSQL can't commit.
    """
    local = f"DECLARE sqlerrm text := rs_message_{number}; sqlstate text := rs_state_{number};\nBEGIN\n{handler}END;\n"
    if scope.nonatomic and not scope.in_protected:
        return f"<<rs_try_{number}>>\nBEGIN\n{body}END;\nIF rs_failed_{number} THEN\n{local}END IF;\n"
    block = f"BEGIN\n{body}{_keep(number)} END;\nIF rs_failed_{number} THEN\n"
    if writes and (scope.in_protected or not scope.can_commit):
        raise UnsupportedStatement(
            "an exception handler that writes is not supported here inside another block with a handler, or in a "
            "procedure with SECURITY DEFINER or SET"
        )
    rollback = "IF rs.commits_each_statement() THEN ROLLBACK; END IF;\n" if writes else ""
    commit = "IF rs.commits_each_statement() THEN PERFORM rs.note_commit(); COMMIT; END IF;\n" if writes else ""
    return f"{block}{rollback}{local}{commit}{raise_again(number)};\nEND IF;\n"
