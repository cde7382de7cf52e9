"""Who does what: the role of each actor, with everything that it may do and why.

| actor | is | takes on its role by |
|---|---|---|
| extractor | Airflow's tasks: extract, validate, start crawlers and jobs, audit, publish, close | being Airflow |
| crawler | Glue's crawlers | Glue |
| Glue job | Spark: curated tables to staged ones, and COPY | Glue |
| loader | Redshift, while it runs a COPY | Redshift |
| catalog reader | Redshift, while it reads an external schema | Redshift |
| limiter | CDK's own function, which sets the warehouse's usage limit | Lambda, while the stack is deployed |
| analyst | a person or a BI tool, reading the warehouse | this account's own users |
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from aws_services import resources
from infra.aws import arns
from infra.aws.grants import EVERYTHING, Grant, actor

_MANY_OBJECTS = "One key per run, page and file below the prefix"
_MANY_TABLES = "Every table of the databases that are named; only the crawlers decide which there are"
_ANY_STATEMENT = "Statements have no ARN; the condition leaves only the caller's own"
_READ_TABLES = ("glue:GetTable", "glue:GetTables", "glue:GetPartition", "glue:GetPartitions")
_CURATED_DATABASES = tuple(name for name in resources.DATABASES if name.endswith("_curated"))


@dataclass(frozen=True, slots=True)
class DatabaseRoles:
    """What Redshift itself takes on."""

    loader: iam.Role
    catalog: iam.Role


def crawler(scope: Construct, key_arn: str) -> iam.Role:
    """Reads every table root, writes the catalog."""
    roots = tuple(target for one in resources.CRAWLERS for target in one.targets)
    return actor(
        scope,
        "Crawler",
        resources.CRAWLER_ROLE,
        trusts=_glue(),
        description="Boxoffice: what the Glue crawlers may do",
        may=(
            Grant("ReadTables", ("s3:GetObject",), arns.below(roots), _MANY_OBJECTS),
            _listing(resources.LAKE_BUCKET, "raw/*", "curated/*"),
            Grant(
                "WriteCatalog",
                (
                    "glue:GetDatabase",
                    *_READ_TABLES,
                    "glue:BatchGetPartition",
                    "glue:CreateTable",
                    "glue:UpdateTable",
                    "glue:DeleteTable",
                    "glue:BatchDeleteTable",
                    "glue:CreatePartition",
                    "glue:BatchCreatePartition",
                    "glue:UpdatePartition",
                    "glue:BatchUpdatePartition",
                    "glue:DeletePartition",
                    "glue:BatchDeletePartition",
                ),
                arns.catalog(*resources.DATABASES),
                _MANY_TABLES,
            ),
            _key(key_arn, "s3"),
            *_glue_service("/aws-glue/crawlers"),
        ),
    )


def glue_job(scope: Construct, key_arn: str, workgroup_arn: str) -> iam.Role:
    """Reads curated tables as the catalog describes them, stages rows, and has them copied into the warehouse."""
    code = (f"s3://{resources.ARTIFACT_BUCKET}/glue_jobs/",)
    return actor(
        scope,
        "GlueJob",
        resources.JOB_ROLE,
        trusts=_glue(),
        description="Boxoffice: what the Glue jobs may do",
        may=(
            Grant("ReadCode", ("s3:GetObject",), arns.below(code), "The job's script and the zip, whichever job it is"),
            Grant("ReadCurated", ("s3:GetObject",), arns.lake("curated"), _MANY_OBJECTS),
            Grant("Stage", ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"), arns.lake("staging"), _MANY_OBJECTS),
            _listing(resources.LAKE_BUCKET),
            Grant(
                "ReadCatalog",
                ("glue:GetTable", "glue:GetPartition"),
                arns.catalog(*_CURATED_DATABASES),
                _MANY_TABLES,
            ),
            *_sql(workgroup_arn, reads=False),
            _metrics("Glue", "SendMetrics"),
            _key(key_arn, "s3"),
            *_glue_service("/aws-glue/jobs"),
        ),
    )


def extractor(scope: Construct, key_arn: str, workgroup_arn: str) -> iam.Role:
    """What Airflow's tasks do: they write the lake, start crawlers and jobs, and speak SQL."""
    crawlers = arns.glue("crawler", *(one.name for one in resources.CRAWLERS))
    jobs = arns.glue("job", *(job.name for job in resources.JOBS))
    return actor(
        scope,
        "Extractor",
        resources.EXTRACTOR_ROLE,
        trusts=iam.AccountPrincipal(Aws.ACCOUNT_ID),
        description="Boxoffice: what Airflow's tasks may do",
        may=(
            Grant("LandRaw", ("s3:GetObject", "s3:PutObject"), arns.lake("raw"), f"{_MANY_OBJECTS}; never deleted"),
            Grant(
                "WriteLake",
                ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"),
                arns.lake("curated", "quarantine"),
                _MANY_OBJECTS,
            ),
            Grant("KeepState", ("s3:GetObject", "s3:PutObject"), arns.lake("state"), _MANY_OBJECTS),
            Grant("Tidy", ("s3:DeleteObject",), arns.lake("staging", "state/counters"), _MANY_OBJECTS),
            _listing(resources.LAKE_BUCKET),
            Grant(
                "ReadSamples",
                ("s3:GetObject", "s3:ListBucket"),
                (arns.bucket("redshift-downloads"), *arns.below(("s3://redshift-downloads/tickit/",))),
                "The published files of the sample business, in a bucket of Amazon's",
            ),
            Grant("ReadKey", ("secretsmanager:GetSecretValue",), tuple(map(arns.secret, resources.SECRETS))),
            Grant("Crawl", ("glue:StartCrawler", "glue:GetCrawler"), crawlers),
            Grant("CrawlMetrics", ("glue:GetCrawlerMetrics",), (EVERYTHING,), "Glue knows no resource for metrics"),
            Grant(
                "RunJobs",
                ("glue:GetJob", "glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"),
                jobs,
            ),
            *_sql(workgroup_arn),
            _metrics(resources.METRIC_NAMESPACE, "CountRuns"),
            Grant("Alert", ("sns:Publish",), tuple(map(arns.topic, resources.TOPICS))),
            _key(key_arn, "s3", "secretsmanager", "sns"),
        ),
    )


def analyst(scope: Construct, workgroup_arn: str) -> iam.Role:
    """Reads the warehouse; what its user there sees is granted there."""
    return actor(
        scope,
        "Analyst",
        resources.ANALYST_ROLE,
        trusts=iam.AccountPrincipal(Aws.ACCOUNT_ID),
        description="Boxoffice: what analysts and BI tools may do",
        may=_sql(workgroup_arn),
    )


def database_roles(scope: Construct, key_arn: str) -> DatabaseRoles:
    """The loader (COPY of what is staged) and the reader of the external schemas (all but personal data)."""
    readable = tuple(
        target for one in resources.CRAWLERS for target in one.targets if target not in resources.PERSONAL_DATA
    )
    redshift = iam.CompositePrincipal(
        iam.ServicePrincipal("redshift.amazonaws.com"), iam.ServicePrincipal("redshift-serverless.amazonaws.com")
    )
    return DatabaseRoles(
        loader=actor(
            scope,
            "Loader",
            resources.COPY_ROLE,
            trusts=redshift,
            description="Boxoffice: what COPY may read",
            may=(
                Grant("ReadStaged", ("s3:GetObject",), arns.lake("staging"), _MANY_OBJECTS),
                _listing(resources.LAKE_BUCKET, "staging/*"),
                _key(key_arn, "s3", actions=("kms:Decrypt",)),
            ),
        ),
        catalog=actor(
            scope,
            "CatalogReader",
            resources.CATALOG_ROLE,
            trusts=redshift,
            description="Boxoffice: what the external schemas may read",
            may=(
                Grant("ReadTables", ("s3:GetObject",), arns.below(readable), _MANY_OBJECTS),
                _listing(resources.LAKE_BUCKET, "raw/*", "curated/*"),
                Grant(
                    "ReadCatalog",
                    ("glue:GetDatabase", *_READ_TABLES),
                    arns.catalog(*resources.DATABASES),
                    _MANY_TABLES,
                ),
                _key(key_arn, "s3", actions=("kms:Decrypt",)),
            ),
        ),
    )


def limiter(scope: Construct) -> iam.Role:
    """Sets the warehouse's usage limit when the stack is deployed; no pipeline and no person takes it on."""
    return actor(
        scope,
        "Limiter",
        resources.LIMITER_ROLE,
        trusts=iam.ServicePrincipal("lambda.amazonaws.com"),
        description="Boxoffice: sets the warehouse's usage limit at a deployment",
        may=(
            Grant(
                "SetLimit",
                (
                    "redshift-serverless:CreateUsageLimit",
                    "redshift-serverless:UpdateUsageLimit",
                    "redshift-serverless:DeleteUsageLimit",
                ),
                (EVERYTHING,),
                "A usage limit has no ARN before it is made",
            ),
            Grant(
                "WriteLog",
                ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
                arns.logs(f"/aws/lambda/{resources.LIMITER_ROLE}"),
                "Lambda names the streams",
            ),
        ),
    )


def _glue() -> iam.IPrincipal:
    ours = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
    return iam.ServicePrincipal("glue.amazonaws.com", conditions=ours)


def _listing(bucket: str, *prefixes: str) -> Grant:
    """Listing a bucket, below some prefixes or all of it.

    Who looks whether an object is there needs all of it: S3 says "forbidden" instead of "not found" to others.
    """
    below = {"StringLike": {"s3:prefix": [*prefixes]}} if prefixes else {}
    return Grant("List", ("s3:ListBucket",), (arns.bucket(bucket),), conditions=below)


def _sql(workgroup_arn: str, *, reads: bool = True) -> tuple[Grant, ...]:
    """SQL through the Data API, as the user `IAMR:<role>`, whose database role `resources.DATABASE_ROLES` says.

    Args:
        workgroup_arn: the warehouse.
        reads: whether the rows of a result may be fetched.
    """
    own = {"StringEquals": {"redshift-data:statement-owner-iam-userid": "${aws:userid}"}}
    return (
        Grant(
            "Sql",
            (
                "redshift-serverless:GetCredentials",
                "redshift-data:ExecuteStatement",
                "redshift-data:BatchExecuteStatement",
            ),
            (workgroup_arn,),
        ),
        Grant(
            "SqlResults",
            (
                "redshift-data:DescribeStatement",
                "redshift-data:CancelStatement",
                *(("redshift-data:GetStatementResult",) if reads else ()),
            ),
            (EVERYTHING,),
            _ANY_STATEMENT,
            own,
        ),
    )


def _metrics(namespace: str, name: str) -> Grant:
    only = {"StringEquals": {"cloudwatch:namespace": namespace}}
    why = "CloudWatch knows no resource for a metric; the condition leaves one namespace"
    return Grant(name, ("cloudwatch:PutMetricData",), (EVERYTHING,), why, only)


def _key(key_arn: str, *services: str, actions: tuple[str, ...] = ("kms:Decrypt", "kms:GenerateDataKey")) -> Grant:
    """The data key, but only through these services."""
    through = [f"{service}.{resources.REGION}.amazonaws.com" for service in services]
    return Grant("UseKey", actions, (key_arn,), conditions={"StringEquals": {"kms:ViaService": through}})


def _glue_service(log_groups: str) -> tuple[Grant, ...]:
    """What Glue itself does as the role: it writes the log, encrypted as the security configuration says."""
    return (
        Grant(
            "WriteLog",
            ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:AssociateKmsKey"),
            arns.logs(log_groups),
            "Glue names groups and streams by security configuration and run",
        ),
        Grant(
            "ReadSecurityConfiguration",
            ("glue:GetSecurityConfiguration",),
            (EVERYTHING,),
            "Glue knows no resource for a security configuration",
        ),
    )
