"""Settings of a crawler are done as Glue does them, or refused by name."""

import json
from typing import Any

import pytest
from moto.core.exceptions import JsonRESTError

from infra.local_aws.glue.crawler_settings import check

TARGETS = {"S3Targets": [{"Path": "s3://b/t/"}]}


def configuration(**settings: Any) -> dict[str, Any]:
    return {"Configuration": json.dumps({"Version": 1.0, **settings})}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"Targets": {"JdbcTargets": [{"Path": "p"}]}}, "JdbcTargets"),
        ({"Targets": {}}, "at least one S3 target"),
        ({"Targets": {"S3Targets": [{"Path": "b/t"}]}}, "'b/t'"),
        ({"Targets": {"S3Targets": [{"Path": "s3://b/t", "EventQueueArn": "arn:q"}]}}, "EventQueueArn"),
        ({"Targets": {"S3Targets": [{"Path": "s3://b/t", "SampleSize": 0}]}}, "SampleSize"),
        (configuration(Grouping={"TableLevelConfiguration": 2}), "Grouping.TableLevelConfiguration"),
        (configuration(CrawlerOutput={"Tables": {"TableThreshold": 5}}), "CrawlerOutput.Tables.TableThreshold"),
        (configuration(CreatePartitionIndex=True), "CreatePartitionIndex true"),
        (configuration(Groupings={}, Typo=1), "Typo"),
        ({"Configuration": '{"Version": 2.0}'}, "version 2.0"),
        ({"Configuration": "[]"}, "valid JSON"),
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVENT_MODE"}}, "CRAWL_EVENT_MODE"),
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}}, "can have only LOG"),
        ({"SchemaChangePolicy": {"UpdateBehavior": "MERGE"}}, "UpdateBehavior must be"),
        ({"LineageConfiguration": {"CrawlerLineageSettings": "ENABLE"}}, "CrawlerLineageSettings"),
        ({"LakeFormationConfiguration": {"UseLakeFormationCredentials": True}}, "Lake Formation"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(settings: dict[str, Any], reason: str) -> None:
    with pytest.raises(JsonRESTError, match=reason):
        check({"Targets": TARGETS, **settings})


def test_what_is_done_is_accepted() -> None:
    grouping = {"TableGroupingPolicy": "CombineCompatibleSchemas"}
    output = {
        "Partitions": {"AddOrUpdateBehavior": "InheritFromTable"},
        "Tables": {"AddOrUpdateBehavior": "MergeNewColumns"},
    }
    check(
        {
            "Targets": {"S3Targets": [{"Path": "s3://b", "Exclusions": ["_*"], "SampleSize": 3}]},
            "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
            "SchemaChangePolicy": {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"},
            "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"},
            "LakeFormationConfiguration": {"UseLakeFormationCredentials": False, "AccountId": ""},
            **configuration(Grouping=grouping, CrawlerOutput=output, CreatePartitionIndex=False),
        }
    )
