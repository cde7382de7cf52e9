"""EXPLAIN gives a plan in the form of Redshift's."""

from __future__ import annotations

from infra.local_aws.redshift.execution import Session


def _plan(session: Session, sql: str) -> list[str]:
    result = session.run_alone(sql)
    assert [column.name for column in result.columns or []] == ["QUERY PLAN"]
    return [line or "" for (line,) in result.rows]


def test_nodes_begin_with_xn(session: Session) -> None:
    session.run_alone("CREATE TABLE t (a INT SORTKEY, b INT)")
    plan = _plan(session, "EXPLAIN SELECT b, COUNT(*) FROM t WHERE a = 3 GROUP BY b")
    nodes = [line.strip().removeprefix("->  ") for line in plan if "(cost=" in line]
    assert nodes[-1].startswith("XN Seq Scan on t  (cost=")
    assert all(node.startswith("XN ") for node in nodes)
    assert plan[-1].strip() == "Filter: (a = 3)"


def test_nothing_is_run(session: Session) -> None:
    session.run_alone("CREATE TABLE t (a INT)")
    assert _plan(session, "EXPLAIN INSERT INTO t SELECT 1")[0].startswith("XN Insert on t")
    assert _plan(session, "EXPLAIN VERBOSE CREATE TABLE u AS SELECT a FROM t")
    assert session.run_alone("SELECT COUNT(*) FROM t").rows == [("0",)]
    assert session.run_alone("SELECT COUNT(*) FROM svv_tables WHERE table_name = 'u'").rows == [("0",)]
