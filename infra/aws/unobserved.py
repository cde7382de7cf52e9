"""Reasons for permissions that no pipeline uses on the local AWS.

Each reason has a pattern for its actions. A permission that is neither used nor listed here is unnecessary:
`./boxoffice privileges` shows it, and a test of the pipelines fails.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

_ANY = "*"
_REASONS: tuple[tuple[str, str, str], ...] = (
    (_ANY, "kms:*", "S3, Secrets Manager and SNS use the key in the caller's name; the local AWS has no encryption"),
    (_ANY, "logs:AssociateKmsKey", "Glue encrypts its log groups with the key of the security configuration"),
    (_ANY, "glue:GetSecurityConfiguration", "Glue reads how to encrypt logs and data, which are not encrypted locally"),
    ("glue-job", "cloudwatch:PutMetricData", "Glue sends the job's metrics (--enable-metrics); there are none locally"),
    ("crawler", "glue:*", "Glue decides which calls of the catalog a crawler makes, single or in batches"),
    ("glue-job", "s3:DeleteObject", "Spark removes its temporary files after a write; locally they are on disk"),
    ("glue-job", "redshift-data:ExecuteStatement", "a failed load writes to the log of the warehouse"),
    ("redshift-copy", "s3:ListBucket", "COPY lists the bucket even if a manifest has all files"),
    ("glue-job", "redshift-data:CancelStatement", "a statement that takes too long is cancelled"),
    ("extractor", "redshift-data:CancelStatement", "a statement that takes too long is cancelled"),
    ("extractor", "glue:GetJobRuns", "after Airflow was killed, the next attempt searches for the job run"),
    ("extractor", "glue:BatchStopJobRun", "a task that is cleared or times out stops its job"),
    ("extractor", "sns:Publish", "a run or a task that finally fails sends an alert"),
    ("extractor", "s3:AbortMultipartUpload", "an upload that fails halfway is aborted"),
    (
        "extractor",
        "s3:DeleteObject",
        "removes files of an interrupted validation; the maintenance removes old files",
    ),
    ("analyst", "*", "people query the warehouse at any time"),
    ("redshift-catalog", "*", "Redshift reads the lake when a user queries an external schema"),
    ("usage-limit", "*", "CloudFormation sets the warehouse's usage limit during a deployment"),
)


def reason(actor: str, action: str) -> str | None:
    """The reason for a permission that an actor doesn't use, or None.

    Args:
        actor: the role's name without `boxoffice-` and environment, such as `extractor`.
        action: the action, such as `s3:GetObject`.
    """
    for known_actor, pattern, why in _REASONS:
        if known_actor in (_ANY, actor) and fnmatchcase(action, pattern):
            return why
    return None
