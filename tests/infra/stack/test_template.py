"""The roles of a template, as CloudFormation would have made them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.stack.template import UnknownReference, buckets, roles

KEPT = Path(__file__).resolve().parents[3] / "infra" / "aws"
WHERE = {"account": "210987654321", "region": "eu-west-1", "suffix": "test"}


def template(tmp_path: Path, statement: dict[str, Any]) -> Path:
    """A template of environment `dev` with one role of one statement, a key, and a role without a name."""
    role = {
        "RoleName": "boxoffice-reader-dev",
        "AssumeRolePolicyDocument": {"Statement": []},
        "Policies": [{"PolicyName": "grants", "PolicyDocument": {"Statement": [statement]}}],
    }
    resources = {
        "Reader": {"Type": "AWS::IAM::Role", "Properties": role},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
        "Unnamed": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Ref": "Nothing"}}},
    }
    path = tmp_path / "dev.template.json"
    path.write_text(json.dumps({"Resources": resources}))
    return path


def test_references_are_filled_in_and_names_get_the_suffix(tmp_path: Path) -> None:
    table = ["arn:aws:glue:us-east-1:", {"Ref": "AWS::AccountId"}, ":table/boxoffice_tickit_raw/*"]
    template_path = template(
        tmp_path,
        {
            "Action": "s3:GetObject",
            "Resource": [
                "arn:aws:s3:::boxoffice-lake-dev/raw/*",
                "arn:aws:s3:::development/boxoffice-device/*",
                {"Fn::Join": ["", table]},
                {"Fn::GetAtt": ["Key", "Arn"]},
            ],
        },
    )

    (role,) = roles(template_path, **WHERE)
    assert role.name == "boxoffice-reader-test"
    assert json.loads(role.policies["grants"])["Statement"][0]["Resource"] == [
        "arn:aws:s3:::boxoffice-lake-test/raw/*",
        "arn:aws:s3:::development/boxoffice-device/*",
        "arn:aws:glue:us-east-1:210987654321:table/boxoffice_tickit_raw/*",
        "arn:aws:kms:eu-west-1:210987654321:key/Key",
    ]


@pytest.mark.parametrize("resource", [{"Ref": "Parameter"}, {"Fn::GetAtt": ["Reader", "Arn"]}])
def test_what_cannot_be_resolved_is_an_error_and_not_a_guess(tmp_path: Path, resource: dict[str, Any]) -> None:
    with pytest.raises(UnknownReference):
        roles(template(tmp_path, {"Action": "s3:GetObject", "Resource": resource}), **WHERE)


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_roles_of_the_account_leave_nothing_open(environment: str) -> None:
    account_roles = roles(KEPT / f"{environment}.template.json", **WHERE)
    text = json.dumps([[role.name, role.trust, role.policies] for role in account_roles])

    assert len(account_roles) == 7
    assert "Fn::" not in text
    assert "Ref" not in text.replace("Reference", "")
    assert f"-{environment}" not in text
    assert "boxoffice-lake-test" in text


def test_a_bucket_is_versioned_and_swept_as_the_template_says(tmp_path: Path) -> None:
    rules = [
        {"Id": "old", "Status": "Enabled", "Prefix": "staging/", "ExpirationInDays": 14},
        {
            "Id": "cold",
            "Status": "Enabled",
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
            "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 90}],
        },
    ]
    properties = {
        "BucketName": "boxoffice-lake-dev",
        "VersioningConfiguration": {"Status": "Enabled"},
        "LifecycleConfiguration": {"Rules": rules},
    }
    path = tmp_path / "dev.template.json"
    path.write_text(json.dumps({"Resources": {"Lake": {"Type": "AWS::S3::Bucket", "Properties": properties}}}))
    (bucket,) = buckets(path, suffix="test")
    assert (bucket.name, bucket.versioning) == ("boxoffice-lake-test", "Enabled")
    assert bucket.lifecycle_rules == [
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "staging/"}, "Expiration": {"Days": 14}},
        {
            "ID": "cold",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
            "Transitions": [{"StorageClass": "GLACIER", "Days": 90}],
        },
    ]


def test_a_lifecycle_rule_that_is_not_understood_is_an_error(tmp_path: Path) -> None:
    rules = [{"Id": "odd", "Status": "Enabled", "TagFilters": [{"Key": "a", "Value": "b"}]}]
    properties = {"BucketName": "boxoffice-lake-dev", "LifecycleConfiguration": {"Rules": rules}}
    path = tmp_path / "dev.template.json"
    path.write_text(json.dumps({"Resources": {"Lake": {"Type": "AWS::S3::Bucket", "Properties": properties}}}))
    with pytest.raises(UnknownReference, match="TagFilters"):
        buckets(path, suffix="test")
