"""The Data API as boto3 sees it: states, batches, parameters, pages, cancelling, refusals."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from infra.local_aws.redshift import Warehouse, install
from infra.local_aws.redshift.data_api import statements
from infra.local_aws.redshift.results import Results

from .conftest import DEADLINE_SECONDS, WORKGROUP, DataApi

Lake = Callable[[str], Path]


def parameters(**values: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def test_batch_is_one_transaction(api: DataApi) -> None:
    api.run("CREATE TABLE t (a INT)")
    done = api.run(
        "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2), (3)", "SELECT * FROM no_such_table", "SELECT 1"
    )
    assert done["Status"] == "FAILED"
    assert done["Error"] == 'Query #3 failed with ERROR: relation "no_such_table" does not exist'
    assert [part["Status"] for part in done["SubStatements"]] == ["FINISHED", "FINISHED", "FAILED", "ABORTED"]
    assert api.rows("SELECT COUNT(*) FROM t") == [(0,)]


def test_batch_gives_the_result_of_each_statement(api: DataApi) -> None:
    done = api.run("CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1), (2)", "SELECT a FROM t ORDER BY a")
    assert [part["Id"] for part in done["SubStatements"]] == [f"{done['Id']}:{i}" for i in (1, 2, 3)]
    assert [part["ResultRows"] for part in done["SubStatements"]] == [-1, 2, 2]
    result = api.client.get_statement_result(Id=f"{done['Id']}:3")
    assert result["Records"] == [[{"longValue": 1}], [{"longValue": 2}]]


def test_auto_commit_batch_keeps_what_came_before_the_failure(api: DataApi) -> None:
    done = api.run(
        "CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1)", "SELECT * FROM nope", ExecutionMode="AUTO_COMMIT"
    )
    assert done["Status"] == "FAILED"
    assert api.rows("SELECT a FROM t") == [(1,)]


def test_cells_are_typed_as_in_the_real_api(api: DataApi) -> None:
    done = api.run(
        "SELECT 1::SMALLINT, 2::BIGINT, 1.50::NUMERIC(5,2), 0.5::FLOAT8, TRUE, 'x'::VARCHAR, DATE '2024-02-01',"
        " TIMESTAMP '2024-02-01 10:00:00.5', NULL::INT, JSON_PARSE('[1]')"
    )
    result = api.client.get_statement_result(Id=done["Id"])
    assert result["Records"] == [
        [
            {"longValue": 1},
            {"longValue": 2},
            {"stringValue": "1.50"},
            {"doubleValue": 0.5},
            {"booleanValue": True},
            {"stringValue": "x"},
            {"stringValue": "2024-02-01"},
            {"stringValue": "2024-02-01 10:00:00.5"},
            {"isNull": True},
            {"stringValue": "[1]"},
        ]
    ]
    names = [column["typeName"] for column in result["ColumnMetadata"]]
    assert names == ["int2", "int8", "numeric", "float8", "bool", "varchar", "date", "timestamp", "int4", "super"]


@pytest.mark.parametrize("value", ["it's", "a\\", "\\'; DROP TABLE t; --", ":other", "$$x$$", "ümlaut €", "/*"])
def test_parameters_are_values_whatever_they_hold(api: DataApi, value: str) -> None:
    api.run("CREATE TABLE t (a VARCHAR(100))")
    done = api.run("INSERT INTO t VALUES (:v) -- :v", Parameters=parameters(v=value))
    assert done["Status"] == "FINISHED", done.get("Error")
    assert api.rows("SELECT a FROM t WHERE a = :v", Parameters=parameters(v=value)) == [(value,)]


def test_parameters_take_their_type_from_the_context(api: DataApi) -> None:
    rows = api.rows(
        "SELECT DATEADD(day, :n, :d::DATE), :n + 1, ':n' WHERE :d > DATE '2024-01-01'",
        Parameters=parameters(n="2", d="2024-01-30"),
    )
    assert rows == [("2024-02-01 00:00:00", 3, ":n")]


def test_batch_shares_parameters(api: DataApi) -> None:
    done = api.run(
        "CREATE TABLE t (a INT, b VARCHAR(9))",
        "INSERT INTO t VALUES (:a, :b)",
        "DELETE FROM t WHERE a <> :a",
        Parameters=parameters(a="1", b="x"),
    )
    assert done["Status"] == "FINISHED", done.get("Error")
    assert api.rows("SELECT a, b FROM t") == [(1, "x")]


def test_unused_parameter_is_refused(api: DataApi) -> None:
    with pytest.raises(ClientError, match=r"ValidationException.*unused parameters.*\[b\]"):
        api.submit("SELECT :a", "SELECT 1", Parameters=parameters(a="1", b="2"))


def test_missing_parameter_fails_the_statement(api: DataApi) -> None:
    assert api.run("SELECT :a, :b", Parameters=parameters(a="1"))["Status"] == "FAILED"


def test_client_token_makes_a_request_idempotent(api: DataApi) -> None:
    api.run("CREATE TABLE t (a INT)")
    first = api.submit("INSERT INTO t VALUES (1)", ClientToken="token-1")
    assert api.submit("INSERT INTO t VALUES (1)", ClientToken="token-1") == first
    api.wait(first)
    assert api.rows("SELECT COUNT(*) FROM t") == [(1,)]


def test_results_come_in_pages(api: DataApi) -> None:
    api.run("CREATE TABLE t (a INT)")
    ten = " UNION ALL ".join(["SELECT 1"] * 14)
    api.run(f"INSERT INTO t SELECT 1 FROM ({ten}) a, ({ten}) b, ({ten}) c")
    done = api.run("SELECT a FROM t")
    first = api.client.get_statement_result(Id=done["Id"])
    assert (first["TotalNumRows"], len(first["Records"])) == (14**3, 1000)
    assert len(api.rows("SELECT a FROM t")) == 14**3


def test_cancel_aborts_a_running_statement(api: DataApi) -> None:
    api.run(
        "CREATE PROCEDURE forever() AS $$ DECLARE n BIGINT := 0; BEGIN WHILE n >= 0 LOOP n := n + 1; END LOOP; END; $$"
        " LANGUAGE plpgsql"
    )
    running = api.submit("CALL forever()")
    api.wait(running, "STARTED")
    assert api.client.cancel_statement(Id=running)["Status"] is True
    assert api.wait(running)["Status"] == "ABORTED"
    with pytest.raises(ClientError, match="Could not cancel a query that is already in ABORTED state"):
        api.client.cancel_statement(Id=running)


def test_only_so_many_statements_wait_or_run_at_once(api: DataApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_MOST_ACTIVE", 1)
    api.run(
        "CREATE PROCEDURE forever() AS $$ DECLARE n BIGINT := 0; BEGIN WHILE n >= 0 LOOP n := n + 1; END LOOP; END; $$"
        " LANGUAGE plpgsql"
    )
    running = api.submit("CALL forever()")
    with pytest.raises(api.client.exceptions.ActiveStatementsExceededException, match="1 statements are active"):
        api.submit("SELECT 1")
    api.wait(running, "STARTED")
    api.client.cancel_statement(Id=running)
    api.wait(running)
    assert api.rows("SELECT 1") == [(1,)]


def test_a_statement_and_its_result_are_forgotten_after_a_day(api: DataApi, monkeypatch: pytest.MonkeyPatch) -> None:
    old = api.run("SELECT 1 AS a")["Id"]
    assert api.client.get_statement_result(Id=old)["TotalNumRows"] == 1
    monkeypatch.setattr(statements, "_KEPT_SECONDS", 0)
    api.run("SELECT 2 AS a")
    with pytest.raises(api.client.exceptions.ResourceNotFoundException):
        api.client.get_statement_result(Id=old)


def test_a_result_that_is_kept_on_disk_is_read_page_by_page(api: DataApi, warehouse: Warehouse) -> None:
    results = Results(warehouse.home.state / "small", memory=0)
    install(warehouse, lambda uri: warehouse.home.state / uri, results=results)
    digits = " UNION ALL ".join(f"SELECT {digit} AS d" for digit in range(10))
    ten = f"({digits})"
    sql = f"SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n, NULL AS none FROM {ten} a, {ten} b, {ten} c, {ten} e"
    done = api.run(f"SELECT n, none FROM ({sql}) AS numbers WHERE n < 2500 ORDER BY n")
    assert results.bytes_in_memory == 0
    pages = list(api.client.get_paginator("get_statement_result").paginate(Id=done["Id"]))
    assert [len(page["Records"]) for page in pages] == [1000, 1000, 500]
    assert [record[0]["longValue"] for page in pages for record in page["Records"]] == list(range(2500))
    assert (done["ResultRows"], done["ResultSize"]) == (2500, sum(len(str(n)) for n in range(2500)))


def test_write_conflict_is_redshifts_1023(api: DataApi, warehouse) -> None:  # type: ignore[no-untyped-def]
    api.run("CREATE TABLE t (a INT)")
    api.run("INSERT INTO t VALUES (1)")
    with warehouse.connect() as other:
        other.execute("UPDATE t SET a = 2")
        blocked = api.submit("UPDATE t SET a = 3")
        api.wait(blocked, "STARTED")
        with warehouse.connect(autocommit=True) as watcher:
            waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            deadline = time.monotonic() + DEADLINE_SECONDS
            while watcher.execute(waiting).fetchone() == (0,):
                assert time.monotonic() < deadline, "the second writer never waited for the first"
        other.commit()
    done = api.wait(blocked)
    assert done["Error"].startswith("ERROR: 1023\n  Detail: Serializable isolation violation")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("VACUUM t", "VACUUM cannot run inside a transaction block"),
        ("REFRESH MATERIALIZED VIEW m", "uncommitted"),
        ("ALTER TABLE t APPEND FROM u", "cannot run inside a transaction block"),
        ("ALTER TABLE t ALTER COLUMN a TYPE VARCHAR(9)", "cannot run inside a transaction block"),
    ],
)
def test_what_cannot_be_in_a_transaction_is_refused_in_a_batch(api: DataApi, statement: str, reason: str) -> None:
    done = api.run("CREATE TABLE t (a INT)", statement)
    assert done["Status"] == "FAILED"
    assert reason in done["Error"]


def test_procedure_that_raises_rolls_the_batch_back(api: DataApi) -> None:
    api.run("CREATE TABLE t (a INT)")
    api.run(
        "CREATE PROCEDURE sp() AS $$ BEGIN INSERT INTO t VALUES (1); RAISE EXCEPTION 'no'; END; $$ LANGUAGE plpgsql"
    )
    done = api.run("INSERT INTO t VALUES (2)", "CALL sp()")
    assert done["Error"] == "Query #2 failed with ERROR: no"
    assert api.rows("SELECT COUNT(*) FROM t") == [(0,)]


def test_nonatomic_procedure_keeps_what_it_did_before_it_failed(api: DataApi) -> None:
    api.run("CREATE TABLE t (a INT)")
    api.run(
        "CREATE PROCEDURE sp() NONATOMIC AS $$ BEGIN INSERT INTO t VALUES (1); RAISE EXCEPTION 'no'; END; $$"
        " LANGUAGE plpgsql"
    )
    assert api.run("CALL sp()")["Status"] == "FAILED"
    assert api.rows("SELECT COUNT(*) FROM t") == [(1,)]


def test_more_than_forty_statements_are_refused(api: DataApi) -> None:
    with pytest.raises(ClientError, match="between 1 and 40"):
        api.submit(*["SELECT 1"] * 41)


def test_statement_over_100_kb_is_refused(api: DataApi) -> None:
    with pytest.raises(ClientError, match="larger than the maximum"):
        api.submit(f"SELECT '{'x' * 102_400}'")


def test_several_statements_in_one_string_are_refused(api: DataApi) -> None:
    with pytest.raises(ClientError, match="BatchExecuteStatement"):
        api.submit("SELECT 1; SELECT 2")


def test_unknown_statement_has_no_description_and_no_result(api: DataApi) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        api.client.describe_statement(Id=nobody)
    done = api.run("CREATE TABLE t (a INT)")
    with pytest.raises(ClientError, match="Query does not have result"):
        api.client.get_statement_result(Id=done["Id"])


def test_statements_are_listed_newest_first(api: DataApi) -> None:
    api.run("SELECT 1", StatementName="mine-1")
    api.run("SELECT 2", StatementName="mine-2")
    listed_statements = api.client.list_statements(StatementName="mine-", Status="FINISHED")["Statements"]
    assert [item["QueryString"] for item in listed_statements[:2]] == ["SELECT 2", "SELECT 1"]


def test_history_knows_failures(api: DataApi) -> None:
    done = api.run("SELECT * FROM missing_for_history")
    sql = "SELECT status, query_text FROM sys_query_history WHERE query_id = :id"
    rows: list[tuple[object, ...]] = []
    for _ in range(100):
        rows = api.rows(sql, Parameters=parameters(id=str(done["RedshiftQueryId"])))
        if rows:
            break
    assert rows == [("failed", "SELECT * FROM missing_for_history")]


@pytest.mark.parametrize(
    ("nested", "value"),
    [
        ("REPLACE(" * 60 + "'abc'" + ", 'a', 'b')" * 60, "bbc"),
        ("(" * 200 + "1" + ")" * 200, 1),
        ("CASE WHEN 1 = 2 THEN 1 ELSE " * 100 + "0" + " END" * 100, 0),
    ],
)
def test_deeply_nested_sql_runs(api: DataApi, nested: str, value: object) -> None:
    assert api.rows(f"SELECT {nested} AS a") == [(value,)]


def test_an_unexpected_error_ends_the_statement(api: DataApi, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("something nobody thought of")

    monkeypatch.setattr("infra.local_aws.redshift.execution.statements", break_down)
    done = api.run("SELECT 1")
    assert (done["Status"], done["Error"]) == ("FAILED", "ERROR: something nobody thought of")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({"WorkgroupName": "nope", "Database": "dev"}, "endpoint doesn't exist"),
        ({"ClusterIdentifier": "nope", "DbUser": "me", "Database": "dev"}, "endpoint doesn't exist"),
        ({"ClusterIdentifier": "nope", "Database": "dev"}, "requires a database user name or a secret ARN"),
    ],
)
def test_a_warehouse_that_does_not_exist_is_refused(
    api: DataApi, warehouse: Warehouse, lake: Lake, target: dict[str, str], reason: str
) -> None:
    install(warehouse, lake, workgroup=WORKGROUP)
    for call, more in ((api.client.execute_statement, {"Sql": "SELECT 1"}), (api.client.list_tables, {})):
        with pytest.raises(ClientError, match=reason):
            call(**target, **more)
    assert api.rows("SELECT 1") == [(1,)]


def test_a_database_that_does_not_exist_fails_the_statement(api: DataApi) -> None:
    api.target = api.target | {"Database": "nope"}
    done = api.run("SELECT 1")
    assert (done["Status"], done["Error"]) == ("FAILED", 'ERROR: FATAL: database "nope" does not exist')
    with pytest.raises(ClientError, match='database "nope" does not exist'):
        api.client.list_tables(**api.target)


def test_the_catalog_is_listed(api: DataApi, schema: str) -> None:
    api.run("CREATE TABLE shows (id BIGINT NOT NULL, price DECIMAL(8,2) DEFAULT 1, name VARCHAR(20))")
    api.run("CREATE VIEW v_shows AS SELECT id FROM shows")
    api.run("CREATE MATERIALIZED VIEW mv_shows AS SELECT id FROM shows")
    assert api.client.list_databases(**api.target)["Databases"] == ["dev"]
    assert api.client.list_schemas(**api.target, SchemaPattern=f"{schema[:6]}%")["Schemas"] == [schema]
    listed = api.client.list_tables(**api.target, SchemaPattern=schema)["Tables"]
    assert [(table["name"], table["type"]) for table in listed] == [
        ("mv_shows", "MATERIALIZED VIEW"),
        ("shows", "TABLE"),
        ("v_shows", "VIEW"),
    ]
    columns = api.client.describe_table(**api.target, Schema=schema, Table="shows")["ColumnList"]
    facts = [(c["name"], c["typeName"], c["nullable"], c["length"], c["precision"], c["scale"]) for c in columns]
    assert facts == [("id", "int8", 0, 0, 64, 0), ("price", "numeric", 1, 0, 8, 2), ("name", "varchar", 1, 20, 0, 0)]


def test_lists_come_in_pages(api: DataApi, schema: str) -> None:
    for name in ("a", "b", "c"):
        api.run(f"CREATE TABLE {name} (x INT)")
    pages = api.client.get_paginator("list_tables").paginate(
        **api.target, SchemaPattern=schema, PaginationConfig={"PageSize": 2}
    )
    assert [[table["name"] for table in page["Tables"]] for page in pages] == [["a", "b"], ["c"]]
