"""Amazon CloudWatch: numbers about the runs, to be graphed and alarmed on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from aws_services._session import asking, client

_BATCH = 1000  # the most that one PutMetricData takes


class CloudWatch:
    """Metrics. Raises `AccessDenied`, `Throttled`, `ServiceUnreachable`, `InvalidRequest` where they apply."""

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
            dimensions: what the values are of, such as the pipeline.
            at: when they were true; timezone-aware.
            unit: a CloudWatch unit, the same for all.
        """
        of = [{"Name": name, "Value": value} for name, value in dimensions.items()]
        data = iter(
            {"MetricName": name, "Value": float(value), "Unit": unit, "Timestamp": at, "Dimensions": of}
            for name, value in values.items()
        )
        while batch := list(islice(data, _BATCH)):
            with asking("PutMetricData", namespace):
                self._client.put_metric_data(Namespace=namespace, MetricData=batch)
