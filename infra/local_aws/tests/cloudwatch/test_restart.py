"""A restart neither loses an alarm, nor the data without which it would go off."""

from pathlib import Path

from infra.local_aws import LocalAws
from infra.local_aws.tests.cloudwatch.test_cloudwatch import definition, state
from infra.local_aws.tests.conftest import clients_of


def test_an_alarm_of_a_day_looks_at_data_from_before_a_restart(tmp_path: Path) -> None:
    silent = definition("silent", ComparisonOperator="LessThanThreshold", TreatMissingData="breaching", Period=86_400)
    with LocalAws(tmp_path, warehouse=False) as server:
        cloudwatch = clients_of(server)("cloudwatch")
        cloudwatch.put_metric_alarm(**silent)
        assert state(cloudwatch, "silent") == "ALARM"
        cloudwatch.put_metric_data(Namespace="silent", MetricData=[{"MetricName": "errors", "Value": 5}])
        history = cloudwatch.describe_alarm_history(AlarmName="silent")["AlarmHistoryItems"]
    with LocalAws(tmp_path, warehouse=False) as server:
        cloudwatch = clients_of(server)("cloudwatch")
        assert state(cloudwatch, "silent") == "OK"
        assert cloudwatch.describe_alarm_history(AlarmName="silent")["AlarmHistoryItems"] == history
