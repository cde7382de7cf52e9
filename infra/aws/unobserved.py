"""What roles are granted though no pipeline uses it on the local AWS, and the reason why it is granted all the same.

Beside a reason stands the pattern of the actions it is for. A grant that is neither used nor named here is one too
many: `./boxoffice privileges` shows it, and a test of the pipelines fails.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

_ANY = "*"
_REASONS: tuple[tuple[str, str, str], ...] = (
    (_ANY, "kms:*", "S3, Secrets Manager and SNS use the key in the caller's name; the local AWS encrypts nothing"),
    (_ANY, "logs:AssociateKmsKey", "Glue has its log groups encrypted, as the security configuration says"),
    (_ANY, "glue:GetSecurityConfiguration", "Glue reads how to encrypt logs and data; there is none locally"),
    ("glue-job", "cloudwatch:PutMetricData", "Glue sends the job's metrics (--enable-metrics); there are none locally"),
    ("crawler", "glue:*", "which of the catalog's calls a crawler makes, one by one or in batches, is Glue's choice"),
    ("glue-job", "s3:DeleteObject", "Spark tidies its temporary files up after a write; here it does so on disk"),
    ("glue-job", "redshift-data:ExecuteStatement", "a load that failed is written into the log of the warehouse"),
    ("redshift-copy", "s3:ListBucket", "COPY wants to list the bucket, also where a manifest names every file"),
    ("glue-job", "redshift-data:CancelStatement", "a statement that takes too long is cancelled"),
    ("extractor", "redshift-data:CancelStatement", "a statement that takes too long is cancelled"),
    ("extractor", "glue:GetJobRuns", "after Airflow was killed, the run that it had begun is looked for"),
    ("extractor", "glue:BatchStopJobRun", "a task that is cleared or times out stops its job"),
    ("extractor", "sns:Publish", "a run or a task that fails for good tells people"),
    ("extractor", "s3:AbortMultipartUpload", "an upload that fails half way is given up"),
    (
        "extractor",
        "s3:DeleteObject",
        "what an interrupted validation left is removed; the maintenance removes what is old",
    ),
    ("analyst", "*", "people read when they like"),
    ("redshift-catalog", "*", "Redshift reads the lake when somebody queries an external schema"),
    ("usage-limit", "*", "CloudFormation sets the warehouse's usage limit with it, while it deploys"),
)


def reason(actor: str, action: str) -> str | None:
    """Why an actor is granted what it was not seen to use; None when there is no reason.

    Args:
        actor: the role's name without `boxoffice-` and environment, such as `extractor`.
        action: such as `s3:GetObject`.
    """
    for known_actor, pattern, why in _REASONS:
        if known_actor in (_ANY, actor) and fnmatchcase(action, pattern):
            return why
    return None
