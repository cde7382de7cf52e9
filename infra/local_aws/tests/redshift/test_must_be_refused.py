"""Every statement of `statements_that_fail` is refused, with Redshift's reason."""

from __future__ import annotations

import re

import pytest

from infra.local_aws.redshift import LoadError, StatementError, translate
from infra.local_aws.redshift.error_words import error_text
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.transfer.copy_command import parse_copy
from infra.local_aws.redshift.transfer.unload_command import parse_unload

from .statements_that_fail import AT_RUN_TIME, PROCEDURES, idioms, limits, other_databases
from .statements_that_work import SETUP

_READERS = {"COPY": parse_copy, "UNLOAD": parse_unload}


_SINGLE = [*idioms(), *other_databases(), *limits()]


@pytest.mark.parametrize(("sql", "reason"), _SINGLE, ids=[sql[:60] for sql, _ in _SINGLE])
def test_statement_is_refused(sql: str, reason: str) -> None:
    with pytest.raises(StatementError, match=reason):
        _READERS.get(sql.split(" ", maxsplit=1)[0], translate)(sql)


@pytest.mark.parametrize(("statements", "reason"), PROCEDURES, ids=[reason for _, reason in PROCEDURES])
def test_procedure_is_refused(statements: list[str], reason: str) -> None:
    with pytest.raises(StatementError, match=reason):
        translate(statements[-1])


@pytest.mark.parametrize(("statements", "reason"), AT_RUN_TIME, ids=[case[0][-1][:60] for case in AT_RUN_TIME])
def test_statement_fails_when_it_runs(session: Session, statements: list[str], reason: str) -> None:
    for sql in [*SETUP, *statements[:-1]]:
        session.run_alone(sql)
    with pytest.raises(Exception) as caught:
        session.run_alone(statements[-1])
    assert isinstance(caught.value, (StatementError, LoadError)) or type(caught.value).__module__.startswith("psycopg")
    text = error_text(caught.value)
    assert re.search(reason, text)
    assert not re.search(r"\brs[._]|jsonb|bytea|string_agg|explicit type cast", text)
