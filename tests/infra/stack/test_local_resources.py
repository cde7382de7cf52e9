"""The list of resources on the local AWS: all of it is created, in the account that the list names."""

from typing import Any

import pytest

from aws_services import resources
from infra.local_aws import LocalAws, account
from infra.local_aws.tests.conftest import clients_of
from infra.stack.local_resources import provision


def test_the_local_aws_is_the_account_of_the_list() -> None:
    assert account.ID == resources.ACCOUNT


def test_every_listed_resource_is_created(local_aws: LocalAws) -> None:
    provision(local_aws.url)
    client = clients_of(local_aws)
    assert set(resources.BUCKETS) <= {bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]}
    glue = client("glue")
    assert set(resources.DATABASES) <= {entry["Name"] for entry in glue.get_databases()["DatabaseList"]}
    for job in resources.JOBS:
        assert glue.get_job(JobName=job.name)["Job"]["Command"]["ScriptLocation"] == job.script_uri
    for crawler in resources.CRAWLERS:
        targets = glue.get_crawler(Name=crawler.name)["Crawler"]["Targets"]["S3Targets"]
        assert [target["Path"] for target in targets] == list(crawler.targets)
    topics = [topic["TopicArn"].rpartition(":")[2] for topic in client("sns").list_topics()["Topics"]]
    assert {*resources.TOPICS} <= {*topics}
    names = {role["RoleName"] for role in client("iam").list_roles()["Roles"]}
    assert {resources.EXTRACTOR_ROLE, resources.CRAWLER_ROLE, resources.JOB_ROLE, resources.COPY_ROLE} <= names
    secrets = client("secretsmanager")
    assert {*resources.SECRETS} <= {secret["Name"] for secret in secrets.list_secrets()["SecretList"]}
    assert client("cloudwatch").describe_alarms(AlarmNamePrefix="boxoffice-")["MetricAlarms"]


def test_classifiers_are_brought_to_their_definition_before_their_crawlers(
    local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawler = resources.Crawler("classified", resources.DATABASES[0], ("s3://lake/t/",), classifiers=("venues",))
    monkeypatch.setattr(resources, "CRAWLERS", (crawler,))
    glue: Any = clients_of(local_aws)("glue")
    headers = {
        "venues": ["venueid", "venuename", "venuecity", "venuestate", "venueseats"],
        "categories": ["catid", "catgroup", "catname", "catdesc"],
    }
    for entity, header in headers.items():
        classifier = resources.Classifier("venues", "tickit", entity)
        monkeypatch.setattr(resources, "CLASSIFIERS", (classifier,))
        provision(local_aws.url)
        definition = glue.get_classifier(Name="venues")["Classifier"]["CsvClassifier"]
        assert (definition["Delimiter"], definition["ContainsHeader"]) == ("|", "ABSENT")
        assert definition["Header"] == header
    assert glue.get_crawler(Name="classified")["Crawler"]["Classifiers"] == ["venues"]
