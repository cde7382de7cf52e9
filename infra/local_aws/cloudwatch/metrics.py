"""The data points of an alarm: of its metric, or of the metric math in `Metrics`, from moto's data.

Metrics that AWS services publish themselves (`AWS/…`, `Glue`) have no data here, because the local AWS publishes none.
An alarm on one of them sees missing data, unless you put some.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend, MetricAggregatedDatum, MetricDataQuery, MetricDatumBase

from .datapoints import EvaluationWindow, Sample, points
from .expressions import Expression


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric, its statistic, and the unit of its values (None: any)."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]
    statistic: str
    unit: str | None


def period_of(alarm: Alarm) -> int:
    """The alarm's period in seconds: its own, or that of its metrics."""
    if alarm.period:
        return int(alarm.period)
    periods = [query.metric_stat.period for query in alarm.metric_data_queries if query.metric_stat is not None]
    return int(next((period for period in periods if period), 0) or _own_period(alarm))


def points_of(alarm: Alarm, backend: CloudWatchBackend, window: EvaluationWindow) -> list[float | None]:
    """One value for each period of the window, oldest first; None where there is no data."""
    samples = list(backend.metric_data)
    if not alarm.metric_data_queries:
        return points(_samples(samples, _metric(alarm)), alarm.statistic or alarm.extended_statistic, window)
    series = {
        query.id: points(_samples(samples, _queried(query)), query.metric_stat.stat, window)
        for query in alarm.metric_data_queries
        if query.metric_stat is not None
    }
    result = returned_query(alarm.metric_data_queries)
    if result.metric_stat is not None:
        return series[result.id]
    expressions = {query.id: Expression(query.expression) for query in alarm.metric_data_queries if query.expression}
    return [
        _result(result.id, expressions, {name: values[place] for name, values in series.items()}, window.seconds)
        for place in range(window.count)
    ]


def watched_metrics(alarm: Alarm) -> set[tuple[str, str]]:
    """Namespace and name of each metric that the alarm uses."""
    stats = [query.metric_stat.metric for query in alarm.metric_data_queries if query.metric_stat is not None]
    return {(metric.namespace, metric.metric_name) for metric in stats} or {(alarm.namespace, alarm.metric_name)}


def returned_query(queries: Iterable[MetricDataQuery]) -> MetricDataQuery:
    """The query that the alarm watches."""
    return next(query for query in queries if query.return_data is None or query.return_data)


def _own_period(alarm: Alarm) -> int:
    return next((int(query.period) for query in alarm.metric_data_queries if query.period), 60)


def _result(
    name: str, expressions: Mapping[str, Expression], values: dict[str, float | None], seconds: int
) -> float | None:
    """The value of an expression for one period, after the expressions that it refers to."""
    for expression_id in expressions[name].names - values.keys():
        values[expression_id] = _result(expression_id, expressions, values, seconds)
    return expressions[name].value(values, seconds)


def _metric(alarm: Alarm) -> Metric:
    dimensions = frozenset((dimension.name, dimension.value) for dimension in alarm.dimensions)
    statistic = alarm.statistic or alarm.extended_statistic
    return Metric(alarm.namespace, alarm.metric_name, dimensions, statistic, alarm.unit)


def _queried(query: MetricDataQuery) -> Metric:
    stat = query.metric_stat
    dimensions = frozenset((dimension.name, dimension.value) for dimension in stat.metric.dimensions)
    return Metric(stat.metric.namespace, stat.metric.metric_name, dimensions, stat.stat, stat.unit)


def _samples(data: Iterable[MetricDatumBase], metric: Metric) -> Iterator[Sample]:
    for datum in data:
        if datum.name != metric.name or datum.namespace != metric.namespace:
            continue
        if frozenset((dimension.name, dimension.value) for dimension in datum.dimensions) != metric.dimensions:
            continue
        if metric.unit is None or metric.unit == (datum.unit or "None"):
            yield _sample(datum)


def _sample(datum: Any) -> Sample:
    at = in_utc(datum.timestamp)
    if isinstance(datum, MetricAggregatedDatum):
        return Sample(at, datum.sum, datum.sample_count, datum.min, datum.max)
    return Sample.of(at, datum.value)


def in_utc(time: datetime) -> datetime:
    """The time with its zone. moto's times are UTC without a zone."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
