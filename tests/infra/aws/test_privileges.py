"""What each actor may do, read from the templates that are kept: it needs no CDK, and runs everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.aws.synthesis import ENVIRONMENTS, ROOT

# Of these actions AWS knows no resource, or, of a statement, no ARN before it is there.
WITHOUT_RESOURCE = {
    "cloudwatch:PutMetricData",
    "glue:GetCrawlerMetrics",
    "glue:GetSecurityConfiguration",
    "redshift-data:CancelStatement",
    "redshift-data:DescribeStatement",
    "redshift-data:GetStatementResult",
    "redshift-serverless:CreateUsageLimit",
    "redshift-serverless:DeleteUsageLimit",
    "redshift-serverless:UpdateUsageLimit",
}


READING = {"glue:GetCrawlerMetrics", "glue:GetSecurityConfiguration"}
"""Of these neither resource nor condition is known."""


@pytest.fixture(params=ENVIRONMENTS)
def roles(request: pytest.FixtureRequest) -> dict[str, list[dict[str, Any]]]:
    """The statements of each named role."""
    template = json.loads((ROOT / "infra" / "aws" / f"{request.param}.template.json").read_text(encoding="utf-8"))
    named = [
        resource["Properties"] for resource in template["Resources"].values() if "RoleName" in resource["Properties"]
    ]
    return {
        role["RoleName"].removesuffix(f"-{request.param}"): [
            statement for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"]
        ]
        for role in named
    }


def test_each_actor_has_a_role(roles: dict[str, Any]) -> None:
    assert {*roles} == {
        "boxoffice-extractor",
        "boxoffice-crawler",
        "boxoffice-glue-job",
        "boxoffice-redshift-copy",
        "boxoffice-redshift-catalog",
        "boxoffice-analyst",
        "boxoffice-usage-limit",
    }


def test_no_action_is_a_pattern(roles: dict[str, Any]) -> None:
    assert not [action for statements in roles.values() for action, _ in _granted(statements) if "*" in action]


def test_everything_is_granted_on_a_resource_unless_aws_knows_none(roles: dict[str, Any]) -> None:
    everywhere = {action for statements in roles.values() for action, on in _granted(statements) if on == "*"}
    assert everywhere == WITHOUT_RESOURCE


def test_what_a_run_may_do_everywhere_is_narrowed_by_a_condition(roles: dict[str, Any]) -> None:
    del roles["boxoffice-usage-limit"]
    for statements in roles.values():
        for statement in statements:
            if statement["Resource"] == "*" and not {*_several(statement["Action"])} <= READING:
                assert statement["Condition"]


def test_the_key_is_used_through_services_only(roles: dict[str, Any]) -> None:
    for statements in roles.values():
        for statement in statements:
            if any(action.startswith("kms:") for action in _several(statement["Action"])):
                assert statement["Condition"]["StringEquals"]["kms:ViaService"]


def test_raw_is_never_deleted_by_anyone(roles: dict[str, Any]) -> None:
    deleting = {
        on for statements in roles.values() for action, on in _granted(statements) if action == "s3:DeleteObject"
    }
    assert deleting
    assert not [on for on in deleting if "/raw" in on or on.endswith((":::*", "-lake-dev/*", "-lake-prod/*"))]


def test_only_the_extractor_reads_the_api_key(roles: dict[str, Any]) -> None:
    reading = {
        name
        for name, statements in roles.items()
        for action, _ in _granted(statements)
        if action.startswith("secretsmanager:")
    }
    assert reading == {"boxoffice-extractor"}


def test_an_external_schema_reaches_no_personal_data(roles: dict[str, Any]) -> None:
    read = {on for action, on in _granted(roles["boxoffice-redshift-catalog"]) if action == "s3:GetObject"}
    assert any("/curated/tickit/users/" in on for on in read)
    assert not [on for on in read if "user_contacts" in on or "/raw/tickit/users" in on or on.endswith("curated/*")]


def test_an_analyst_touches_nothing_but_the_warehouse(roles: dict[str, Any]) -> None:
    services = {action.partition(":")[0] for action, _ in _granted(roles["boxoffice-analyst"])}
    assert services == {"redshift-data", "redshift-serverless"}


def test_the_loader_reads_what_is_staged_and_nothing_else(roles: dict[str, Any]) -> None:
    objects = {on for action, on in _granted(roles["boxoffice-redshift-copy"]) if action == "s3:GetObject"}
    assert [on.partition("/")[2] for on in objects] == ["staging/*"]


def _granted(statements: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for statement in statements:
        for action in _several(statement["Action"]):
            for resource in _several(statement["Resource"]):
                yield action, resource if isinstance(resource, str) else json.dumps(resource)


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
