"""Monitoring for people: the alert topic, alarms, one dashboard and the budget."""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from aws_services import resources
from infra.aws.environments import Environment

_DAY = Duration.days(1)
_QUALITY_GATE = 90  # the warehouse's gate: a lower score is not published
_WORST_REJECTS = 5  # percent of raw records
_NEARLY = 0.8
_DPUS = {"G.1X": 1, "G.2X": 2, "G.4X": 4, "G.8X": 8}


class Alerts(Construct):
    """The topic that pipelines, alarms and the budget send to. Subscribe people to it."""

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey) -> None:
        super().__init__(scope, id)
        self.topic = sns.Topic(self, "Topic", topic_name=resources.ALERT_TOPIC, master_key=key, enforce_ssl=True)
        ours = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        for service in ("cloudwatch.amazonaws.com", "budgets.amazonaws.com"):
            self.topic.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(service)],
                    actions=["sns:Publish"],
                    resources=[self.topic.topic_arn],
                    conditions=ours,
                )
            )


class Monitoring(Construct):
    """Alarms for each pipeline and for the warehouse, and the dashboard."""

    def __init__(self, scope: Construct, id: str, *, alerts: Alerts, environment: Environment) -> None:
        super().__init__(scope, id)
        self._notify = actions.SnsAction(alerts.topic)
        for pipeline in resources.PIPELINES:
            self._watch(pipeline)
        self._alarm(
            "WarehouseCompute",
            _compute_seconds(),
            environment.daily_rpu_hours * 3600 * _NEARLY,
            f"The warehouse has nearly used its {environment.daily_rpu_hours} RPU-hours for the day, then it stops",
        )
        self._dashboard()

    def _watch(self, pipeline: str) -> None:
        self._alarm(
            f"{pipeline}-failed",
            _metric(pipeline, "failed_runs", "Sum", Duration.minutes(5)),
            0,
            f"A run of {pipeline} failed: see its outcome record and Airflow's log for the reason",
        )
        self._alarm(
            f"{pipeline}-quality",
            _metric(pipeline, "quality_score", "Minimum", _DAY),
            _QUALITY_GATE,
            f"{pipeline} scored below the gate, so its rows were not published: see etl.data_quality_results",
            below=True,
        )
        self._alarm(
            f"{pipeline}-rejects",
            _reject_share(pipeline),
            _WORST_REJECTS,
            f"{pipeline} rejected more than {_WORST_REJECTS} % of its records: see quarantine/",
        )
        self._alarm(
            f"{pipeline}-silent",
            _metric(pipeline, "succeeded_runs", "Sum", _DAY),
            1,
            f"No run of {pipeline} succeeded within a day (after a first deployment, this is so until the first run)",
            below=True,
            missing=cloudwatch.TreatMissingData.BREACHING,
        )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        threshold: float,
        description: str,
        *,
        below: bool = False,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        """Send an alert when the metric is over the threshold (or under it, if `below`)."""
        comparison = cloudwatch.ComparisonOperator
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"boxoffice-{resources.SUFFIX}-{name}",
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=comparison.LESS_THAN_THRESHOLD if below else comparison.GREATER_THAN_THRESHOLD,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(self._notify)

    def _dashboard(self) -> None:
        board = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=f"boxoffice-{resources.SUFFIX}")
        pipelines = tuple(resources.PIPELINES)
        jobs = resources.JOBS
        board.add_widgets(
            _graph(
                "Runs", [_metric(p, f"{end}_runs", "Sum", _DAY) for p in pipelines for end in ("succeeded", "failed")]
            ),
            _graph("Rows read", [_metric(p, "raw_records", "Sum", _DAY) for p in pipelines]),
            _graph("Rows rejected", [_metric(p, "quarantined_records", "Sum", _DAY) for p in pipelines]),
        )
        board.add_widgets(
            _graph("Quality score", [_metric(p, "quality_score", "Minimum", _DAY) for p in pipelines]),
            _graph("Duration of the Glue jobs (s)", [_job_seconds(job) for job in jobs]),
            _graph("DPU-hours of the Glue jobs (from workers at work)", [_dpu_hours(job) for job in jobs]),
        )
        board.add_widgets(_graph("RPU-seconds of the warehouse", [_compute_seconds()]))


def budget(scope: Construct, alerts: Alerts, environment: Environment) -> None:
    """The account's monthly budget. It sends a message at 80 % spent, and when the forecast reaches 100 %."""
    subscribers = [budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=alerts.topic.topic_arn)]
    notifications = [
        budgets.CfnBudget.NotificationWithSubscribersProperty(
            notification=budgets.CfnBudget.NotificationProperty(
                notification_type=kind, comparison_operator="GREATER_THAN", threshold=percent
            ),
            subscribers=subscribers,
        )
        for kind, percent in (("ACTUAL", 80), ("FORECASTED", 100))
    ]
    budgets.CfnBudget(
        scope,
        "Budget",
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_name=f"boxoffice-{environment.name}",
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=environment.monthly_dollars, unit="USD"),
        ),
        notifications_with_subscribers=notifications,
    )


def _metric(pipeline: str, name: str, statistic: str, period: Duration) -> cloudwatch.Metric:
    """A metric that `close_run` sends for every run."""
    return cloudwatch.Metric(
        namespace=resources.METRIC_NAMESPACE,
        metric_name=name,
        dimensions_map={"Pipeline": pipeline},
        statistic=statistic,
        period=period,
        label=f"{pipeline} {name}",
    )


def _reject_share(pipeline: str) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        expression="IF(raw > 0, 100 * rejected / raw, 0)",
        using_metrics={
            "raw": _metric(pipeline, "raw_records", "Sum", _DAY),
            "rejected": _metric(pipeline, "quarantined_records", "Sum", _DAY),
        },
        label=f"{pipeline} % rejected",
        period=_DAY,
    )


def _compute_seconds() -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/Redshift-Serverless",
        metric_name="ComputeSeconds",
        dimensions_map={"Workgroup": resources.WORKGROUP},
        statistic="Sum",
        period=_DAY,
    )


def _glue_metric(job: resources.Job, name: str, statistic: str, kind: str, period: Duration) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="Glue",
        metric_name=name,
        dimensions_map={"JobName": job.name, "JobRunId": "ALL", "Type": kind},
        statistic=statistic,
        period=period,
        label=job.name,
    )


def _job_seconds(job: resources.Job) -> cloudwatch.MathExpression:
    elapsed = _glue_metric(job, "glue.driver.aggregate.elapsedTime", "Sum", "count", _DAY)
    name = _id("elapsed", job)
    return cloudwatch.MathExpression(
        expression=f"{name} / 1000", using_metrics={name: elapsed}, label=job.name, period=_DAY
    )


def _dpu_hours(job: resources.Job) -> cloudwatch.MathExpression:
    """An estimate, because Glue bills executors and the driver by the second but reports only every half minute."""
    period = Duration.minutes(5)
    executors = _glue_metric(
        job, "glue.driver.ExecutorAllocationManager.executors.numberAllExecutors", "Average", "gauge", period
    )
    name = _id("executors", job)
    return cloudwatch.MathExpression(
        expression=f"({name} + 1) * {_DPUS[job.worker_type]} * PERIOD({name}) / 3600",
        using_metrics={name: executors},
        label=job.name,
        period=period,
    )


def _id(prefix: str, job: resources.Job) -> str:
    """A name in an expression that is unique in its graph."""
    return f"{prefix}_{job.script.removesuffix('.py')}"


def _graph(title: str, metrics: list[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=metrics, width=8, height=6)
