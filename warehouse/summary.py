"""The summary of a run, read from the warehouse, for the command line and for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from aws_services.redshift_data import RedshiftData
from warehouse.stars import star_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Summary:
    """A run with the counts that the ledger recorded for it.

    Attributes:
        run: its row of etl.runs.
        entities: its counts per raw entity and derived table, from etl.run_tables.
        star: its counts per table of the star, from etl.run_tables.
        rows: the number of rows in each table of the star now, by table name.
        highlights: the rows of the star's highlights, by title.
        balanced: whether the run reconciles.
        faults: a message for each count that does not add up.
    """

    run: Row
    entities: list[Row]
    star: list[Row]
    rows: dict[str, int]
    highlights: dict[str, list[Row]]
    faults: list[str]

    @property
    def balanced(self) -> bool:
        """Whether the run reconciles."""
        return not self.faults

    @property
    def score(self) -> float | None:
        """The quality score, 0 to 100; None if the run was not audited."""
        score = self.run["quality_score"]
        return None if score is None else float(score)


def latest_run(redshift: RedshiftData, pipeline: str, business_date: date) -> str:
    """The newest run of a day. Raises LookupError if there is none."""
    rows = redshift.execute(
        "SELECT run_id FROM etl.runs WHERE pipeline = :pipeline AND business_date = CAST(:day AS DATE) "
        "ORDER BY started_at DESC, run_id DESC LIMIT 1",
        {"pipeline": pipeline, "day": business_date},
    )
    if not rows:
        raise LookupError(f"no run of {pipeline} for {business_date} is in etl.runs")
    return str(rows[0]["run_id"])


def is_published(redshift: RedshiftData, run_id: str) -> bool:
    """Whether the run was published, whether or not it succeeded."""
    query = "SELECT run_id FROM etl.runs WHERE run_id = :run_id AND published_at IS NOT NULL"
    return bool(redshift.execute(query, {"run_id": run_id}))


def summarise(redshift: RedshiftData, run_id: str) -> Summary:
    """Read everything about a run. Raises LookupError if it is not in the ledger."""
    runs = redshift.execute("SELECT * FROM etl.runs WHERE run_id = :run_id", {"run_id": run_id})
    if not runs:
        raise LookupError(f"run {run_id} is not in etl.runs")
    counts = redshift.execute(
        "SELECT * FROM etl.run_tables WHERE run_id = :run_id ORDER BY layer DESC, table_name", {"run_id": run_id}
    )
    star = star_of(str(runs[0]["pipeline"]))
    entities = [row for row in counts if row["layer"] != "star"]
    star_counts = [row for row in counts if row["layer"] == "star"]
    return Summary(
        run=runs[0],
        entities=entities,
        star=star_counts,
        rows=row_counts(redshift, star.name, star.tables),
        highlights={highlight.title: redshift.execute(highlight.query) for highlight in star.highlights},
        faults=[fault for row in counts for fault in faults_of(row)],
    )


def row_counts(redshift: RedshiftData, schema: str, tables: tuple[str, ...]) -> dict[str, int]:
    """The number of rows in each table now, including unknown members."""
    query = " UNION ALL ".join(
        f"SELECT '{table}' AS table_name, COUNT(*) AS row_count FROM {schema}.{table}" for table in tables
    )
    counts = {row["table_name"]: int(row["row_count"]) for row in redshift.execute(query)}
    return {table: counts[table] for table in tables}


def faults_of(row: Row) -> list[str]:
    """A message for each count of a row of etl.run_tables that does not add up."""
    name = row["table_name"]
    faults = []
    if row["layer"] == "raw" and row["raw_records"] is not None:
        parts = _sum(row, "curated_records", "quarantined_records", "duplicate_records")
        if row["raw_records"] != parts:
            faults.append(f"{name}: {row['raw_records']} raw records became {parts}")
        distinct = row["distinct_records"]
        kept = _sum(row, "curated_records", "quarantined_records")
        if distinct is not None and distinct > kept:
            faults.append(f"{name}: {distinct} different records landed, {kept} were curated or quarantined")
        if distinct is not None and distinct < _sum(row, "curated_records"):
            faults.append(f"{name}: {distinct} different records landed, {row['curated_records']} were curated")
        accounted = _sum(row, "got_records", "residual_records")
        if row["said_records"] is not None and row["residual_records"] is None:
            faults.append(f"{name}: unknown whether the source has more than the {row['got_records']} fetched records")
        elif row["said_records"] is not None and row["said_records"] > accounted:
            faults.append(f"{name}: {row['said_records']} records reported, fetched and residual are {accounted}")
    if row["layer"] == "star" and row["staged_rows"] is not None:
        parts = _sum(row, "inserted_rows", "versioned_rows", "unchanged_rows")
        if row["staged_rows"] != parts:
            faults.append(f"{name}: {row['staged_rows']} staged rows became {parts}")
    return faults


def _sum(row: Row, *columns: str) -> int:
    return sum(int(row[column] or 0) for column in columns)
