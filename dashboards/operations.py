"""The operations dashboard: whether the pipelines run, whether their counts add up, and how good their data are."""

from __future__ import annotations

from dashboards.declarations import Chart, Dashboard, Filter, Kind

_DRIFT = ("pipeline", "drift__entity", "drift__field_path", "drift__kind")

DASHBOARD = Dashboard(
    title="Operations",
    slug="operations",
    description=(
        "Whether the pipelines run, how fresh their data are, whether every record is accounted for, and what was "
        "rejected and why. A run is one business date of one pipeline."
    ),
    filters=(Filter("pipeline", "Pipeline"), Filter("run__business_date", "Business date")),
    rows=(
        (
            Chart("Runs", Kind.NUMBER, metrics=("runs",), width=3, note="one per pipeline and business date"),
            Chart("Failed runs", Kind.NUMBER, metrics=("failed_runs",), width=3, note="0 is good"),
            Chart("Quality score", Kind.NUMBER, metrics=("quality_score",), width=3, note="of 100, on average"),
            Chart("Balanced tables", Kind.NUMBER, metrics=("balanced_share",), width=3, note="100 % is good"),
        ),
        (
            Chart(
                "Freshness",
                Kind.TABLE,
                metrics=("days_behind", "hours_since_publication"),
                by=("pipeline", "pipeline__run_date", "pipeline__published_at"),
                order=("-days_behind", "pipeline"),
                note="Days behind counts from the latest published business date to today. Times are UTC.",
            ),
            Chart(
                "Runs by status",
                Kind.COLUMN,
                metrics=("runs",),
                by=("run__business_date", "run__status"),
            ),
        ),
        (
            Chart(
                "Time by stage",
                Kind.COLUMN,
                metrics=("step_seconds",),
                by=("run_step__stage", "pipeline"),
                order=("run_step__stage", "pipeline"),
                note="Seconds that tasks worked, added up. Tasks that run at the same time count each.",
            ),
            Chart(
                "Duration of runs",
                Kind.LINE,
                metrics=("average_run_seconds",),
                by=("run__business_date", "pipeline"),
                note="Seconds from the first start to the last end.",
            ),
        ),
        (
            Chart(
                "Reconciliation",
                Kind.TABLE,
                metrics=("reported_records", "fetched_records", "residual_records"),
                by=("run", "pipeline", "run__business_date"),
                order=("-residual_records", "run"),
                limit=200,
                width=12,
                note="Reported = fetched + residual. A residual is a record that the source reported and did not give.",
            ),
        ),
        (
            Chart(
                "Quality score over time",
                Kind.LINE,
                metrics=("quality_score",),
                by=("run__business_date", "pipeline"),
            ),
            Chart(
                "Failed rows by rule",
                Kind.BAR,
                metrics=("failed_rows",),
                by=("quality_result__rule_name",),
                order=("-failed_rows", "quality_result__rule_name"),
                limit=8,
                note="A row that fails two rules counts twice.",
            ),
        ),
        (
            Chart(
                "Rejected records, and why",
                Kind.TABLE,
                metrics=("rejected_records",),
                by=("pipeline", "reject__entity", "reject__reason"),
                order=("-rejected_records", "reject__reason"),
                limit=100,
                note="Empty if every record met its contract.",
            ),
            Chart(
                "Drift of the sources",
                Kind.TABLE,
                metrics=("drift_occurrences",),
                by=_DRIFT,
                order=("-drift_occurrences", "drift__field_path"),
                limit=100,
                note="Fields that are new, missing or of another type than their contract. Empty if there are none.",
            ),
        ),
    ),
)
