"""The one list of names, sizes and job definitions of AWS resources, for the local AWS and for the CDK app.

Plain data: it imports no other module of ours and no AWS library.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

REGION = "us-east-1"
SUFFIX = os.environ.get("BOXOFFICE_ENVIRONMENT", "local")

LAKE_BUCKET = f"boxoffice-lake-{SUFFIX}"
ARTIFACT_BUCKET = f"boxoffice-artifacts-{SUFFIX}"
BUCKETS = (LAKE_BUCKET, ARTIFACT_BUCKET)
ACCESS_LOG_BUCKET = f"boxoffice-access-logs-{SUFFIX}"
"""Records who read and wrote the other two buckets; it exists in an account only."""

WORKGROUP = f"boxoffice-{SUFFIX}"
WAREHOUSE_DATABASE = "dev"
ACCOUNT = os.environ.get("BOXOFFICE_AWS_ACCOUNT") or "123456789012"

# One role for each actor; infra/aws/actors.py has its permissions.
EXTRACTOR_ROLE = f"boxoffice-extractor-{SUFFIX}"
CRAWLER_ROLE = f"boxoffice-crawler-{SUFFIX}"
JOB_ROLE = f"boxoffice-glue-job-{SUFFIX}"
COPY_ROLE = f"boxoffice-redshift-copy-{SUFFIX}"
CATALOG_ROLE = f"boxoffice-redshift-catalog-{SUFFIX}"
ANALYST_ROLE = f"boxoffice-analyst-{SUFFIX}"
LIMITER_ROLE = f"boxoffice-usage-limit-{SUFFIX}"
COPY_ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{COPY_ROLE}"
CATALOG_ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{CATALOG_ROLE}"
CRAWLER_ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{CRAWLER_ROLE}"
EXTRACTOR_ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{EXTRACTOR_ROLE}"
ANALYST_ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{ANALYST_ROLE}"
JOB_ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{JOB_ROLE}"

DATABASE_ROLES = {EXTRACTOR_ROLE: "etl", JOB_ROLE: "etl", ANALYST_ROLE: "data_analysts"}
"""The warehouse role of an IAM role's sessions; `warehouse/*/grants` has its permissions."""

ALERT_TOPIC = f"boxoffice-alerts-{SUFFIX}"
ALERT_TOPIC_ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:{ALERT_TOPIC}"
METRIC_NAMESPACE = "Boxoffice"

# How long data is kept that can be rebuilt or only describes the past. Raw, curated and quarantined data, the star and
# the list of runs are kept forever.
STAGING_DAYS = 14
"""Staged files and rows, counters: time to investigate a failed load; any run can stage again from curated data."""
LEDGER_DAYS = 400
"""Details of runs (steps, counts, quality, drift): a year and a month, to compare with the same week last year."""
TASK_LOG_DAYS = 90
"""Airflow's task logs: a quarter; after that, the ledger and the outcome record still show how a run ended."""


@dataclass(frozen=True, slots=True)
class Crawler:
    """A Glue crawler: each table's root folder is its own target."""

    name: str
    database: str
    targets: tuple[str, ...]
    table_prefix: str = ""
    exclusions: tuple[str, ...] = ("**/_*", "**/_*/**")
    classifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classifier:
    """A custom CSV classifier of Glue: the names that a crawler gives to the columns of delimited text.

    The columns, the delimiter and the quote are those of the entity's contract (`infra/classifiers.py`).

    For each target, a crawler uses the first of its classifiers that fits. Two classifiers with the same delimiter and
    number of columns both fit, so they must belong to two crawlers.

    Attributes:
        name: its name in Glue.
        source: the source whose files it describes.
        entity: the entity that the files hold.
    """

    name: str
    source: str
    entity: str


@dataclass(frozen=True, slots=True)
class Job:
    """A Glue job of type `glueetl`; its script and zip are read from the artifact bucket."""

    name: str
    script: str
    glue_version: str = "5.1"
    worker_type: str = "G.1X"
    workers: int = 4  # at most: Glue adds and removes them as the job needs
    timeout_minutes: int = 60
    max_concurrent_runs: int = 1
    additional_modules: tuple[str, ...] = field(default=())

    @property
    def script_uri(self) -> str:
        """The URI that Glue reads the script from."""
        return f"s3://{ARTIFACT_BUCKET}/glue_jobs/{self.script}"

    @property
    def default_arguments(self) -> dict[str, str]:
        """The job's default arguments, as Glue names them."""
        arguments = {
            "--job-language": "python",
            "--extra-py-files": PY_FILES_URI,
            "--enable-metrics": "true",
            "--enable-continuous-cloudwatch-log": "true",
            "--enable-auto-scaling": "true",
        }
        if self.additional_modules:
            arguments["--additional-python-modules"] = ",".join(self.additional_modules)
        return arguments


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline: the source that it reads, and the resources that it uses.

    Attributes:
        name: its DAG's name, which run ids begin with.
        source: its name in the lake's paths.
        entities: the source's raw entities.
        tables: its curated tables.
        raw_crawlers: the crawlers of its raw data, by the part of their name that differs.
        curated_crawler: the crawler of its curated tables.
        job: builds and stages its star.
        classifiers: name the columns of text without a header, for its raw crawlers.
        secrets: names of the secrets that it reads.
        personal_data: locations of names, addresses and telephone numbers in the lake. No external schema of the
            warehouse includes them.
    """

    name: str
    source: str
    entities: tuple[str, ...]
    tables: tuple[str, ...]
    raw_crawlers: Mapping[str, Crawler]
    curated_crawler: Crawler
    job: Job
    classifiers: tuple[Classifier, ...] = ()
    secrets: tuple[str, ...] = ()
    personal_data: tuple[str, ...] = ()


_MODULES = (
    # Glue's own boto3, in 5.1 and in 6.0, cannot send the parameters of a batch of statements.
    "boto3==1.43.117",
    "botocore==1.43.117",
    "s3transfer==0.19.3",
    "pydantic==2.14.3",
    "pydantic-core==2.50.4",
    "annotated-types==0.8.0",
    "typing-extensions==4.16.0",
    "typing-inspection==0.4.5",
)
"""The libraries that our code needs in a job beyond Glue's own, with their dependencies.

Glue installs them when a run starts. Of a library that is not listed here, each run would get the newest version.
"""

PY_FILES_KEY = "glue_jobs/boxoffice.zip"
PY_FILES_URI = f"s3://{ARTIFACT_BUCKET}/{PY_FILES_KEY}"


def raw_database(source: str) -> str:
    """Glue database of a source's raw layer."""
    return f"boxoffice_{source}_raw"


def curated_database(source: str) -> str:
    """Glue database of a source's curated layer."""
    return f"boxoffice_{source}_curated"


def _raw_crawler(source: str, entities: Iterable[str], name: str = "raw", classifiers: tuple[str, ...] = ()) -> Crawler:
    targets = tuple(f"s3://{LAKE_BUCKET}/raw/{source}/{entity}/" for entity in entities)
    full_name = f"boxoffice-{source}-{name}-{SUFFIX}"
    return Crawler(full_name, raw_database(source), targets, table_prefix="raw_", classifiers=classifiers)


def _curated_crawler(source: str, tables: Iterable[str]) -> Crawler:
    targets = tuple(f"s3://{LAKE_BUCKET}/curated/{source}/{table}/" for table in tables)
    return Crawler(f"boxoffice-{source}-curated-{SUFFIX}", curated_database(source), targets)


def _pipeline(
    name: str,
    source: str,
    entities: tuple[str, ...],
    tables: tuple[str, ...],
    *,
    raw_crawlers: Mapping[str, Crawler] | None = None,
    classifiers: tuple[Classifier, ...] = (),
    secrets: tuple[str, ...] = (),
    personal_data: tuple[str, ...] = (),
) -> Pipeline:
    """A pipeline whose crawlers and job follow from its names; by default, with one crawler of raw data."""
    return Pipeline(
        name,
        source,
        entities,
        tables,
        raw_crawlers=raw_crawlers or {"raw": _raw_crawler(source, entities)},
        curated_crawler=_curated_crawler(source, tables),
        job=Job(f"boxoffice-{source}-star-{SUFFIX}", f"{source}_star.py", additional_modules=_MODULES),
        classifiers=classifiers,
        secrets=secrets,
        personal_data=personal_data,
    )


TICKETMASTER_ENTITIES = ("events", "venues", "attractions", "classifications")
TICKETMASTER_TABLES = (
    "events",
    "venues",
    "attractions",
    "classifications",
    "genres",
    "subgenres",
    "subtypes",
    "markets",
    "venue_markets",
    "venue_dmas",
    "event_venues",
    "event_attractions",
    "event_classifications",
    "event_price_ranges",
    "event_presales",
    "event_promoters",
    "event_products",
)
TICKETMASTER_API_KEY_SECRET = f"boxoffice/{SUFFIX}/ticketmaster-api-key"
TICKETMASTER = _pipeline(
    "ticketmaster_daily",
    "ticketmaster",
    TICKETMASTER_ENTITIES,
    TICKETMASTER_TABLES,
    secrets=(TICKETMASTER_API_KEY_SECRET,),
)
TICKETMASTER_RAW_CRAWLER = TICKETMASTER.raw_crawlers["raw"]
TICKETMASTER_CURATED_CRAWLER = TICKETMASTER.curated_crawler
TICKETMASTER_JOB = TICKETMASTER.job

TICKIT_ENTITIES = ("users", "venues", "categories", "dates", "events", "listings", "sales")
TICKIT_TABLES = ("users", "user_contacts", "venues", "categories", "dates", "events", "listings", "sales")
TICKIT_CLASSIFIERS = {
    entity: Classifier(f"boxoffice-tickit-{entity}-{SUFFIX}", "tickit", entity) for entity in TICKIT_ENTITIES
}
# Dates and listings have as many columns: no classifier could tell them apart in one crawler.
TICKIT_RAW_CRAWLERS = (
    _raw_crawler("tickit", ["dates"], "raw-dates", (TICKIT_CLASSIFIERS["dates"].name,)),
    _raw_crawler(
        "tickit",
        [entity for entity in TICKIT_ENTITIES if entity != "dates"],
        classifiers=tuple(classifier.name for entity, classifier in TICKIT_CLASSIFIERS.items() if entity != "dates"),
    ),
)
TICKIT = _pipeline(
    "tickit_load",
    "tickit",
    TICKIT_ENTITIES,
    TICKIT_TABLES,
    raw_crawlers=dict(zip(("raw_dates", "raw"), TICKIT_RAW_CRAWLERS, strict=True)),
    classifiers=tuple(TICKIT_CLASSIFIERS.values()),
    personal_data=(f"s3://{LAKE_BUCKET}/raw/tickit/users/", f"s3://{LAKE_BUCKET}/curated/tickit/user_contacts/"),
)
TICKIT_CURATED_CRAWLER = TICKIT.curated_crawler
TICKIT_JOB = TICKIT.job

PIPELINES = {
    pipeline.name: pipeline
    for pipeline in (
        TICKETMASTER,
        TICKIT,
    )
}
"""The pipelines that run every day, by name; everything below is derived from them."""

PERSONAL_DATA = tuple(uri for pipeline in PIPELINES.values() for uri in pipeline.personal_data)
DATABASES = tuple(name(pipeline.source) for pipeline in PIPELINES.values() for name in (raw_database, curated_database))
CLASSIFIERS = tuple(classifier for pipeline in PIPELINES.values() for classifier in pipeline.classifiers)
CRAWLERS = tuple(
    crawler
    for pipeline in PIPELINES.values()
    for crawler in (*pipeline.raw_crawlers.values(), pipeline.curated_crawler)
)
JOBS = tuple(pipeline.job for pipeline in PIPELINES.values())
SECRETS = tuple(secret for pipeline in PIPELINES.values() for secret in pipeline.secrets)
TOPICS = (ALERT_TOPIC,)
