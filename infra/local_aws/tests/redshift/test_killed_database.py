"""The Data API while its PostgreSQL is killed: what runs fails in AWS's shape, what comes later works."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infra.local_aws import LocalAws
from infra.local_aws.tests.conftest import clients_of
from infra.local_aws.tests.redshift.conftest import DataApi


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[LocalAws]:
    with LocalAws(tmp_path) as server:
        yield server


def test_statements_under_way_fail_and_later_ones_work(own_server: LocalAws) -> None:
    api = DataApi(own_server.url)
    assert api.run("CREATE TABLE kept AS SELECT 1 AS a")["Status"] == "FINISHED"
    api.run(
        "CREATE PROCEDURE forever() AS $$ DECLARE n BIGINT := 0; BEGIN WHILE n >= 0 LOOP n := n + 1; END LOOP; END; $$"
        " LANGUAGE plpgsql"
    )
    busy = [api.submit("CALL forever()"), api.submit("INSERT INTO kept VALUES (2)", "CALL forever()")]
    for identifier in busy:
        api.wait(identifier, "STARTED")
    postmaster = int((own_server.state_dir / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)

    later = api.submit("SELECT a FROM kept")
    for identifier in busy:
        failed = api.wait(identifier, "FAILED", "FINISHED")
        assert failed["Status"] == "FAILED"
        assert "the warehouse's server ended while the statement ran" in failed["Error"]
    assert api.wait(later)["Status"] in ("FINISHED", "FAILED"), "it came in the very moment"
    assert api.rows("SELECT a FROM kept") == [(1,)], "and the batch was rolled back"
    assert clients_of(own_server)("glue").get_databases()["DatabaseList"] == []
    assert psutil.Process(own_server.pid).is_running()
    assert "PostgreSQL has ended and will be restarted" in (own_server.state_dir / "server.log").read_text()
