"""Amazon CloudWatch: metrics of the runs, for graphs and alarms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from aws_services._session import asking, client

_BATCH = 1000  # PutMetricData takes no more


class CloudWatch:
    """Metrics. May raise `AccessDenied`, `Throttled`, `ServiceUnreachable` or `InvalidRequest`."""

    def __init__(self, cloudwatch_client: Any = None) -> None:
        self._client = cloudwatch_client or client("cloudwatch")

    def put_metrics(
        self,
        namespace: str,
        values: Mapping[str, float],
        *,
        dimensions: Mapping[str, str],
        at: datetime,
        unit: str = "Count",
    ) -> None:
        """Record one value of each of several metrics.

        Args:
            namespace: metric namespace.
            values: value by metric name.
            dimensions: what the values belong to, such as the pipeline.
            at: when the values were measured; timezone-aware.
            unit: a CloudWatch unit, the same for all.
        """
        pairs = [{"Name": name, "Value": value} for name, value in dimensions.items()]
        data = iter(
            {"MetricName": name, "Value": float(value), "Unit": unit, "Timestamp": at, "Dimensions": pairs}
            for name, value in values.items()
        )
        while batch := list(islice(data, _BATCH)):
            with asking("PutMetricData", namespace):
                self._client.put_metric_data(Namespace=namespace, MetricData=batch)
