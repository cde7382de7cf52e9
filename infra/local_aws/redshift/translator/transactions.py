"""Transaction statements: BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK, ABORT.

Every isolation level is SERIALIZABLE in Redshift's BEGIN, and PostgreSQL's REPEATABLE READ here, as everywhere in this
warehouse. There are no savepoints.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html
"""

from __future__ import annotations

from ..errors import RefusedByRedshift
from .reader import Reader

_LEVELS = (("SERIALIZABLE",), ("READ", "UNCOMMITTED"), ("READ", "COMMITTED"), ("REPEATABLE", "READ"), ("SNAPSHOT",))


def begin(reader: Reader) -> list[str]:
    """BEGIN [WORK | TRANSACTION] or START TRANSACTION, [ISOLATION LEVEL …] [READ WRITE | READ ONLY]."""
    if reader.next().upper == "START":
        reader.expect("TRANSACTION")
    else:
        reader.accept_any("WORK", "TRANSACTION")
    mode = ""
    while not reader.done:
        reader.accept(",")
        if reader.accept("ISOLATION", "LEVEL"):
            if not any(reader.accept(*level) for level in _LEVELS):
                raise reader.error("expected an isolation level")
        elif reader.accept("READ", "ONLY"):
            mode = " READ ONLY"
        elif not reader.accept("READ", "WRITE"):
            raise reader.error()
    return [f"BEGIN{mode}"]


def end(reader: Reader) -> list[str]:
    """COMMIT, END, ROLLBACK or ABORT, [WORK | TRANSACTION]."""
    verb = reader.next().upper
    reader.accept_any("WORK", "TRANSACTION")
    if reader.peek("TO"):
        raise RefusedByRedshift(f"{verb} TO SAVEPOINT is not supported: there are no savepoints")
    if not reader.done:
        raise reader.error()
    return ["COMMIT" if verb in ("COMMIT", "END") else "ROLLBACK"]
