"""Every statement of `statements_that_fail` is refused, with Redshift's reason."""

from __future__ import annotations

import re

import pytest

from infra.local_aws.redshift import LoadError, StatementError, translate
from infra.local_aws.redshift.copy_command import parse_copy, parse_unload
from infra.local_aws.redshift.execution import Session, error_text

from .statements_that_fail import AT_RUN_TIME, PROCEDURES, idioms
from .statements_that_work import SETUP

_READERS = {"COPY": parse_copy, "UNLOAD": parse_unload}


@pytest.mark.parametrize(("sql", "reason"), idioms(), ids=[sql[:60] for sql, _ in idioms()])
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
    assert re.search(reason, error_text(caught.value))
