"""The roles of all actors, with their permissions and the reasons.

| actor | is | gets its role from |
|---|---|---|
| extractor | Airflow's tasks: extract, validate, start crawlers and jobs, audit, publish, close | Airflow |
| crawler | Glue's crawlers | Glue |
| Glue job | Spark: curated tables to staged ones, and COPY | Glue |
| loader | Redshift, while it runs a COPY | Redshift |
| catalog reader | Redshift, while it reads an external schema | Redshift |
| limiter | a function of the CDK that sets the warehouse's usage limit | Lambda, during a deployment |
| analyst | a person or a BI tool that reads the warehouse | this account's users |
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
_MANY_TABLES = "All tables of the listed databases; only the crawlers decide which tables exist"
_ANY_STATEMENT = "Statements have no ARN; the condition allows only the caller's own"
_READ_TABLES = ("glue:GetTable", "glue:GetTables", "glue:GetPartition", "glue:GetPartitions")
_CURATED_DATABASES = tuple(name for name in resources.DATABASES if name.endswith("_curated"))


@dataclass(frozen=True, slots=True)
class DatabaseRoles:
    """The roles that Redshift itself assumes."""

    loader: iam.Role
    catalog: iam.Role


def crawler(scope: Construct, key_arn: str) -> iam.Role:
    """The crawlers' role. It reads all tables' files and writes the catalog."""
    roots = tuple(target for definition in resources.CRAWLERS for target in definition.targets)
    return actor(
        scope,
        "Crawler",
        resources.CRAWLER_ROLE,
        trusts=_glue(),
        description="Boxoffice: permissions of the Glue crawlers",
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
    """The Glue jobs' role. It reads curated tables through the catalog, stages rows, and runs COPY."""
    code = (f"s3://{resources.ARTIFACT_BUCKET}/glue_jobs/",)
    return actor(
        scope,
        "GlueJob",
        resources.JOB_ROLE,
        trusts=_glue(),
        description="Boxoffice: permissions of the Glue jobs",
        may=(
            Grant("ReadCode", ("s3:GetObject",), arns.below(code), "The scripts and the zip of all jobs"),
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
    """The role of Airflow's tasks. It writes the lake, starts crawlers and jobs, and runs SQL."""
    crawlers = arns.glue("crawler", *(definition.name for definition in resources.CRAWLERS))
    jobs = arns.glue("job", *(job.name for job in resources.JOBS))
    return actor(
        scope,
        "Extractor",
        resources.EXTRACTOR_ROLE,
        trusts=iam.AccountPrincipal(Aws.ACCOUNT_ID),
        description="Boxoffice: permissions of Airflow's tasks",
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
                "The published files of the sample business, in Amazon's bucket",
            ),
            Grant("ReadKey", ("secretsmanager:GetSecretValue",), tuple(map(arns.secret, resources.SECRETS))),
            Grant("Crawl", ("glue:StartCrawler", "glue:GetCrawler"), crawlers),
            Grant("CrawlMetrics", ("glue:GetCrawlerMetrics",), (EVERYTHING,), "Glue has no resource type for metrics"),
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
    """The analysts' role. It reads the warehouse, whose own grants decide which tables its user sees."""
    return actor(
        scope,
        "Analyst",
        resources.ANALYST_ROLE,
        trusts=iam.AccountPrincipal(Aws.ACCOUNT_ID),
        description="Boxoffice: permissions of analysts and BI tools",
        may=_sql(workgroup_arn),
    )


def database_roles(scope: Construct, key_arn: str) -> DatabaseRoles:
    """The role for COPY of staged rows, and the role for external schemas, which can't read personal data."""
    targets = (target for definition in resources.CRAWLERS for target in definition.targets)
    readable = tuple(target for target in targets if target not in resources.PERSONAL_DATA)
    redshift = iam.CompositePrincipal(
        iam.ServicePrincipal("redshift.amazonaws.com"), iam.ServicePrincipal("redshift-serverless.amazonaws.com")
    )
    return DatabaseRoles(
        loader=actor(
            scope,
            "Loader",
            resources.COPY_ROLE,
            trusts=redshift,
            description="Boxoffice: read permissions of COPY",
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
            description="Boxoffice: read permissions of the external schemas",
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
    """The role that sets the warehouse's usage limit during a deployment. No pipeline and no person uses it."""
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
                "A usage limit has no ARN before it is created",
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
    """Permission to list a bucket, either all of it or some prefixes.

    An actor that checks whether an object exists must be allowed to list the whole bucket. Otherwise S3 returns
    "forbidden" instead of "not found".
    """
    below = {"StringLike": {"s3:prefix": [*prefixes]}} if prefixes else {}
    return Grant("List", ("s3:ListBucket",), (arns.bucket(bucket),), conditions=below)


def _sql(workgroup_arn: str, *, reads: bool = True) -> tuple[Grant, ...]:
    """SQL through the Data API, as the user `IAMR:<role>` with its database role from `resources.DATABASE_ROLES`.

    Args:
        workgroup_arn: the warehouse.
        reads: whether the actor may fetch the rows of a result.
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
    condition = {"StringEquals": {"cloudwatch:namespace": namespace}}
    why = "CloudWatch has no resource type for a metric; the condition allows one namespace"
    return Grant(name, ("cloudwatch:PutMetricData",), (EVERYTHING,), why, condition)


def _key(key_arn: str, *services: str, actions: tuple[str, ...] = ("kms:Decrypt", "kms:GenerateDataKey")) -> Grant:
    """The data key, but only through these services."""
    domains = [f"{service}.{resources.REGION}.amazonaws.com" for service in services]
    return Grant("UseKey", actions, (key_arn,), conditions={"StringEquals": {"kms:ViaService": domains}})


def _glue_service(log_groups: str) -> tuple[Grant, ...]:
    """Permissions for Glue itself under the role: it writes the log, encrypted by the security configuration."""
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
            "Glue has no resource type for a security configuration",
        ),
    )
