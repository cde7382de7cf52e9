"""SQL for every metric as an analyst would write it on facts and dimensions, without the data products."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ByHand:
    """SQL for one metric.

    Attributes:
        expression: the aggregate.
        source: what follows FROM.
        group: the dimension to group by as well, if any.
        column: its SQL.
    """

    expression: str
    source: str
    group: str = ""
    column: str = ""

    @property
    def total(self) -> str:
        """The metric of everything."""
        return f"SELECT {self.expression} FROM {self.source}"

    @property
    def grouped(self) -> str:
        """The metric by its group."""
        return f"SELECT {self.column}, {self.expression} FROM {self.source} GROUP BY {self.column}"


_RUN_DATE = "(SELECT MAX(observed_on) FROM ticketmaster.fact_event_snapshots)"
_START = "COALESCE(f.start_at, CAST(f.start_date AS TIMESTAMP))"
_VENUE = """
    LEFT JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk
    LEFT JOIN ticketmaster.dim_venue AS c ON v.venue_id = c.venue_id AND c.is_current
"""
_UPCOMING = f"""(
    SELECT f.*, v.venue_id AS known_venue, c.state_code, a.attraction_id AS known_attraction
    FROM ticketmaster.fact_events AS f {_VENUE}
    LEFT JOIN ticketmaster.dim_attraction AS a ON f.attraction_sk = a.attraction_sk
    WHERE f.is_show AND NOT f.is_test AND f.withdrawn_on IS NULL AND f.last_seen_on = {_RUN_DATE}
        AND {_START} >= {_RUN_DATE} AND {_START} < DATEADD(DAY, 30, {_RUN_DATE})
) AS u"""
_ON = "COALESCE(status, 'none') <> 'cancelled'"
_ALL_TIME = f"""(
    SELECT f.*, v.venue_id AS known_venue, c.state_code, a.attraction_id AS known_attraction,
        f.is_show AND NOT f.is_test AND f.withdrawn_on IS NULL AND {_ON} AS counts
    FROM ticketmaster.fact_events AS f {_VENUE}
    LEFT JOIN ticketmaster.dim_attraction AS a ON f.attraction_sk = a.attraction_sk
) AS e"""
_OBSERVED = f"""(
    SELECT
        v.venue_id, c.state_code,
        SUM(CASE WHEN f.observed_on = '2026-12-03' AND {_ON} THEN 1 ELSE 0 END) AS now_on,
        SUM(CASE WHEN f.observed_on = '2026-12-02' AND {_ON} THEN 1 ELSE 0 END) AS before_on,
        SUM(CASE WHEN f.observed_on = '2026-12-03' THEN 1 ELSE 0 END) AS now_all
    FROM ticketmaster.fact_event_snapshots AS f {_VENUE}
    WHERE f.observed_on >= '2026-12-02' AND f.is_show AND NOT f.is_test AND v.venue_sk <> 0
        AND {_START} >= f.observed_on AND {_START} < DATEADD(DAY, 30, f.observed_on)
    GROUP BY 1, 2
) AS o WHERE now_all > 0 OR before_on > 0"""

_STATE = ("venue__state_code", "state_code")


def _upcoming(condition: str, value: str = "COUNT(*)", group: tuple[str, str] = _STATE) -> ByHand:
    """An aggregate over the upcoming shows that are on and meet a condition, 0 where none does."""
    aggregate = value.replace("*)", "CASE WHEN {} THEN 1 END)") if "*" in value else value
    return ByHand(aggregate.format(f"{_ON} AND {condition}"), _UPCOMING, *group)


def _share(condition: str, known: str, group: tuple[str, str] = _STATE) -> ByHand:
    part = f"CAST(SUM(CASE WHEN {_ON} AND {condition} THEN 1 ELSE 0 END) AS FLOAT8)"
    whole = f"NULLIF(SUM(CASE WHEN {_ON} AND {known} THEN 1 ELSE 0 END), 0)"
    return ByHand(f"{part} / {whole}", _UPCOMING, *group)


_DISTINCT = "COUNT(DISTINCT CASE WHEN {{}} THEN {} END)"
_VENUES = _DISTINCT.format("NULLIF(known_venue, '-')")
_ATTRACTIONS = _DISTINCT.format("NULLIF(known_attraction, '-')")
_EVENING, _TIMED = "local_hour >= 19 AND local_hour < 21", ("local_hour IS NOT NULL")
_FRIDAY, _WEEKEND = "local_weekday IN ('Friday', 'Saturday')", "local_weekday IN ('Saturday', 'Sunday')"
_HOUR = ("show__local_hour", "local_hour")

TICKETMASTER = {
    "upcoming_events": _upcoming("TRUE", group=_HOUR),
    "upcoming_cancelled_events": ByHand("COUNT(CASE WHEN status = 'cancelled' THEN 1 END)", _UPCOMING, *_STATE),
    "upcoming_venues": _upcoming("TRUE", _VENUES),
    "upcoming_attractions": _upcoming("TRUE", _ATTRACTIONS),
    "event_days": _upcoming("TRUE", _DISTINCT.format("start_date")),
    "next_event_date": _upcoming("TRUE", "MIN(CASE WHEN {} THEN start_date END)"),
    "timed_events": _upcoming(_TIMED),
    "evening_events": _upcoming(_EVENING),
    "evening_share": _share(_EVENING, _TIMED),
    "dated_events": _upcoming("start_date IS NOT NULL"),
    "friday_saturday_events": _upcoming(_FRIDAY),
    "friday_saturday_share": _share(_FRIDAY, "start_date IS NOT NULL"),
    "weekend_events": _upcoming(_WEEKEND),
    "weekend_share": _share(_WEEKEND, "start_date IS NOT NULL"),
    "events_per_venue": _upcoming(
        "TRUE", f"CAST(1 AS FLOAT8) * COUNT(CASE WHEN {_ON} THEN 1 END) / NULLIF({_VENUES}, 0)"
    ),
    "ranked_venues": ByHand("COUNT(*)", _OBSERVED, *_STATE),
    "previous_upcoming_events": ByHand("SUM(before_on)", _OBSERVED, *_STATE),
    "upcoming_events_change": ByHand("SUM(now_on) - SUM(before_on)", _OBSERVED, *_STATE),
    "events": ByHand("COUNT(CASE WHEN counts THEN 1 END)", _ALL_TIME, *_STATE),
    "event_venues": ByHand(_VENUES.format("counts"), _ALL_TIME, *_STATE),
    "event_attractions": ByHand(_ATTRACTIONS.format("counts"), _ALL_TIME, *_STATE),
    "withdrawn_events": ByHand("COUNT(withdrawn_on)", _ALL_TIME, *_STATE),
    "listed_events": ByHand("COUNT(event_id)", _ALL_TIME, *_STATE),
}

_SALES = """(
    SELECT f.*, s.state AS seller_state, k.name AS category FROM tickit.fact_sales AS f
    INNER JOIN tickit.dim_user AS s ON f.seller_sk = s.user_sk
    INNER JOIN tickit.dim_category AS k ON f.category_sk = k.category_sk
) AS s"""
_LISTINGS = """(
    SELECT
        l.ticket_count, l.total_price, k.name AS category,
        COALESCE(SUM(s.quantity_sold), 0) AS sold,
        COALESCE(SUM(CASE WHEN sd.date - ld.date <= 7 THEN s.quantity_sold END), 0) AS sold_in_week,
        COALESCE(SUM(CASE WHEN sd.date - ld.date <= 30 THEN s.quantity_sold END), 0) AS sold_in_month
    FROM tickit.fact_listings AS l
    INNER JOIN tickit.dim_category AS k ON l.category_sk = k.category_sk
    INNER JOIN common.dim_date AS ld ON l.listing_date_key = ld.date_key
    LEFT JOIN tickit.fact_sales AS s ON l.listing_id = s.listing_id
    LEFT JOIN common.dim_date AS sd ON s.sale_date_key = sd.date_key
    GROUP BY l.listing_id, l.ticket_count, l.total_price, k.name
) AS l"""
_SELLER, _CATEGORY = ("seller__state", "seller_state"), ("category__name", "category")


def _sales(expression: str) -> ByHand:
    return ByHand(expression, _SALES, *_SELLER)


def _listings(expression: str) -> ByHand:
    return ByHand(expression, _LISTINGS, *_CATEGORY)


TICKIT = {
    "sales": _sales("COUNT(*)"),
    "tickets_sold": _sales("SUM(quantity_sold)"),
    "revenue": _sales("SUM(price_paid)"),
    "commission": _sales("SUM(commission)"),
    "commission_rate": _sales("CAST(1 AS FLOAT8) * SUM(commission) / SUM(price_paid)"),
    "average_ticket_price": _sales("CAST(1 AS FLOAT8) * SUM(price_paid) / SUM(quantity_sold)"),
    "tickets_per_sale": _sales("CAST(1 AS FLOAT8) * SUM(quantity_sold) / COUNT(*)"),
    "revenue_per_sale": _sales("CAST(1 AS FLOAT8) * SUM(price_paid) / COUNT(*)"),
    "active_sellers": _sales("COUNT(DISTINCT seller_id)"),
    "active_buyers": _sales("COUNT(DISTINCT buyer_id)"),
    "sold_events": _sales("COUNT(DISTINCT event_id)"),
    "listings": _listings("COUNT(*)"),
    "listings_sold_out": _listings("COUNT(CASE WHEN sold >= ticket_count THEN 1 END)"),
    "listings_unsold": _listings("COUNT(CASE WHEN sold = 0 THEN 1 END)"),
    "tickets_listed": _listings("SUM(ticket_count)"),
    "listed_tickets_sold": _listings("SUM(sold)"),
    "sell_through": _listings("CAST(1 AS FLOAT8) * SUM(sold) / SUM(ticket_count)"),
    "tickets_sold_in_week": _listings("SUM(sold_in_week)"),
    "week_sell_through": _listings("CAST(1 AS FLOAT8) * SUM(sold_in_week) / SUM(ticket_count)"),
    "tickets_sold_in_month": _listings("SUM(sold_in_month)"),
    "month_sell_through": _listings("CAST(1 AS FLOAT8) * SUM(sold_in_month) / SUM(ticket_count)"),
    "sold_out_share": _listings("CAST(1 AS FLOAT8) * COUNT(CASE WHEN sold >= ticket_count THEN 1 END) / COUNT(*)"),
    "value_listed": _listings("SUM(total_price)"),
}

_RAW = (
    "(SELECT t.*, r.status FROM etl.run_tables AS t JOIN etl.runs AS r ON t.run_id = r.run_id) AS t WHERE layer = 'raw'"
)
_RULES = "etl.data_quality_results AS q"
_PIPELINE = ("pipeline", "pipeline")


def _with_run(table: str) -> str:
    return (
        f"(SELECT t.*, r.pipeline AS of_pipeline FROM etl.{table} AS t JOIN etl.runs AS r ON t.run_id = r.run_id) AS t"
    )


def _runs(expression: str) -> ByHand:
    return ByHand(expression, "etl.runs", *_PIPELINE)


def _raw(column: str) -> ByHand:
    return ByHand(f"COALESCE(SUM({column}), 0)", _RAW, *_PIPELINE)


def _tables(expression: str) -> ByHand:
    return ByHand(expression, "etl.run_tables", "run_table__table_name", "table_name")


def _of_run(table: str, expression: str) -> ByHand:
    return ByHand(expression, _with_run(table), "pipeline", "of_pipeline")


_WORK = "(SELECT r.pipeline, s.work_seconds FROM etl.runs r LEFT JOIN etl.run_steps s ON r.run_id = s.run_id) AS w"
_SECONDS = "CAST(DATEDIFF(SECOND, started_at, finished_at) AS FLOAT8)"
_LATE = "DATEDIFF(MINUTE, CAST(business_date AS TIMESTAMP), published_at) / 60.0"
_BALANCED = """CASE WHEN
    COALESCE(said_records - got_records - residual_records, 0) = 0
    AND COALESCE(raw_records - curated_records - quarantined_records - duplicate_records, 0) = 0
    AND COALESCE(staged_rows - inserted_rows - versioned_rows - unchanged_rows, 0) = 0
    THEN 1 END"""
_LEDGER = ("said", "got", "residual", "raw", "curated", "quarantined", "duplicate")
_NAMES = ("reported", "fetched", "residual", "raw", "curated", "quarantined", "duplicate")
_FAILED = "COUNT(CASE WHEN NOT passed THEN 1 END)"

OPERATIONS = {
    "runs": _runs("COUNT(*)"),
    "succeeded_runs": _runs("COUNT(CASE WHEN status = 'succeeded' THEN 1 END)"),
    "failed_runs": _runs("COUNT(CASE WHEN status = 'failed' THEN 1 END)"),
    "success_rate": _runs("CAST(1 AS FLOAT8) * COUNT(CASE WHEN status = 'succeeded' THEN 1 END) / COUNT(*)"),
    "average_run_seconds": _runs(f"AVG({_SECONDS})"),
    "work_seconds": ByHand("SUM(work_seconds)", _WORK, *_PIPELINE),
    "average_publish_delay": _runs(f"AVG(CAST(CAST({_LATE} AS DECIMAL(12, 2)) AS FLOAT8))"),
    "average_run_score": _runs("AVG(CAST(1 AS FLOAT8) * quality_score)"),
    "lowest_run_score": _runs("MIN(quality_score)"),
    **{f"{name}_records": _raw(f"{column}_records") for name, column in zip(_NAMES, _LEDGER, strict=True)},
    "quarantine_share": ByHand(
        "CAST(1 AS FLOAT8) * SUM(quarantined_records) / NULLIF(SUM(raw_records), 0)", _RAW, *_PIPELINE
    ),
    "pipelines": _runs("COUNT(DISTINCT pipeline)"),
    "days_behind": ByHand("MAX(CAST(GETDATE() AS DATE) - run_date)", "etl.run_dates", *_PIPELINE),
    "hours_since_publication": ByHand(
        "MAX(ROUND(DATEDIFF(MINUTE, last, GETDATE()) / 60.0, 2))",
        "(SELECT pipeline, MAX(published_at) AS last FROM etl.runs GROUP BY pipeline) AS p",
        *_PIPELINE,
    ),
    "step_seconds": _of_run("run_steps", "SUM(work_seconds)"),
    "average_step_seconds": ByHand(
        "AVG(CAST(1 AS FLOAT8) * seconds)",
        "(SELECT run_id, step, SUM(work_seconds) AS seconds FROM etl.run_steps GROUP BY run_id, step) AS s",
        "run_step__step",
        "step",
    ),
    "longest_task_seconds": _of_run("run_steps", "MAX(longest_seconds)"),
    "tasks": _of_run("run_steps", "COALESCE(SUM(tasks), 0)"),
    "failed_tasks": _of_run("run_steps", "COALESCE(SUM(failed_tasks), 0)"),
    "counted_tables": _tables("COUNT(*)"),
    "balanced_tables": _tables(f"COUNT({_BALANCED})"),
    "balanced_share": _tables(f"CAST(1 AS FLOAT8) * COUNT({_BALANCED}) / COUNT(*)"),
    **{
        f"table_{name}_records": _tables(f"COALESCE(SUM({column}_records), 0)")
        for name, column in zip(_NAMES, _LEDGER, strict=True)
    },
    **{
        f"{name}_rows": _tables(f"COALESCE(SUM({name}_rows), 0)")
        for name in ("staged", "inserted", "versioned", "unchanged")
    },
    "unexplained_records": _tables("COALESCE(SUM(said_records - got_records - residual_records), 0)"),
    "lost_records": _tables(
        "COALESCE(SUM(raw_records - curated_records - quarantined_records - duplicate_records), 0)"
    ),
    "lost_rows": _tables("COALESCE(SUM(staged_rows - inserted_rows - versioned_rows - unchanged_rows), 0)"),
    "quality_score": _of_run("quality_scores", "AVG(CAST(1 AS FLOAT8) * score)"),
    "lowest_quality_score": _of_run("quality_scores", "MIN(score)"),
    "rules_checked": ByHand("COUNT(*)", _RULES),
    "rules_failed": ByHand(_FAILED, _RULES),
    "rule_results": ByHand("COUNT(*)", _RULES, "quality_result__severity", "severity"),
    "failed_rule_results": ByHand(_FAILED, _RULES, "quality_result__severity", "severity"),
    "failed_rows": ByHand("SUM(failed_rows)", _RULES, "quality_result__rule_name", "rule_name"),
    "checked_rows": ByHand("SUM(total_rows)", _RULES, "quality_result__rule_name", "rule_name"),
    "failed_row_share": ByHand(
        "CAST(1 AS FLOAT8) * SUM(failed_rows) / NULLIF(SUM(total_rows), 0)",
        _RULES,
        "quality_result__rule_name",
        "rule_name",
    ),
    "rejected_records": _of_run("rejects", "COALESCE(SUM(quarantined_records), 0)"),
    "drift_occurrences": _of_run("schema_drift", "COALESCE(SUM(occurrences), 0)"),
    "drifted_fields": _of_run("schema_drift", "COUNT(DISTINCT entity || ' ' || field_path)"),
}

HANDWRITTEN = TICKETMASTER | TICKIT | OPERATIONS
