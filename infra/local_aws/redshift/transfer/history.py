"""Writes what COPY and UNLOAD did into the tables behind `stl_load_errors`, `sys_load_history` and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import psycopg

from ..errors import LoadError, Rejection
from .copy_command import CopyCommand
from .records import Outcome
from .unload import Unloaded
from .unload_command import UnloadCommand

_MOST_LOGGED = 1_000
"""Redshift also logs only the first errors of a load."""


def record_load(
    connection: psycopg.Connection, command: CopyCommand, outcome: Outcome, query_id: int, began: datetime
) -> None:
    """Records a COPY that succeeded, in its transaction."""
    uris, lines, errors = zip(*outcome.files, strict=True) if outcome.files else ((), (), ())
    connection.execute(
        "SELECT rs.record_load(%s::bigint, %s::text, %s::text, %s::text, %s::timestamp, %s::bigint, %s::bigint,"
        " %s::text[], %s::bigint[], %s::bigint[], %s::bigint)",
        (
            *(query_id, outcome.table, command.source, command.format.lower(), began, outcome.rows, outcome.bytes),
            *(list(uris), list(lines), list(errors), len(outcome.rejections)),
        ),
    )


def record_unload(
    connection: psycopg.Connection, command: UnloadCommand, outcome: Unloaded, query_id: int, began: datetime
) -> None:
    """Records an UNLOAD that succeeded, in its transaction."""
    uris, sizes, rows = zip(*outcome.files, strict=True) if outcome.files else ((), (), ())
    connection.execute(
        "SELECT rs.record_unload(%s::bigint, %s::text, %s::text, %s::text, %s::timestamp, %s::text[], %s::bigint[],"
        " %s::bigint[])",
        (
            *(query_id, command.target, command.format.lower(), command.compression.lower() or "none", began),
            *(list(uris), list(rows), list(sizes)),
        ),
    )


def rejections_of(error: LoadError) -> Sequence[Rejection]:
    """What to record of a COPY that failed."""
    return error.rejections or (Rejection(1200, str(error), error.filename, column=error.column),)


def record_rejections(
    connection: psycopg.Connection, rejections: Sequence[Rejection], *, table: str, query_id: int, user: str, pid: int
) -> None:
    """Writes rows of `stl_load_errors`, on a connection that commits by itself.

    Args:
        connection: an administrator's, because the loading transaction may roll back.
        rejections: the records that did not load.
        table: the table, quoted.
        query_id: Redshift's query id.
        user: who ran COPY.
        pid: the process id of their session.
    """
    rows = [
        (
            *(user, query_id, pid, table, rejection.filename[:256], rejection.line, rejection.column[:127]),
            *(rejection.type, rejection.length, rejection.position, rejection.raw_line, rejection.raw_value),
            *(rejection.code, rejection.reason[:1000]),
            *([name for name, _ in rejection.values], [value for _, value in rejection.values]),
        )
        for rejection in rejections[:_MOST_LOGGED]
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO rs.load_errors (user_name, query, session, table_id, filename, line_number, colname, type,"
            " col_length, position, raw_line, raw_field_value, err_code, err_reason, field_names, field_values)"
            " VALUES (%s, %s, %s, to_regclass(%s)::oid::bigint, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
            " %s::text[], %s::text[])",
            rows,
        )
