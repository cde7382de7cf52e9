"""`./boxoffice privileges`: granted and used privileges, and grants without a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aws_services import resources
from infra.aws.unobserved import reason
from infra.launcher import privileges


def used(state: Path, *lines: tuple[str, str, bool, str]) -> None:
    """A record of the local AWS that has these decisions on actions of roles on resources."""
    records: list[dict[str, Any]] = [
        {
            "at": "2026-11-20T00:00:00+00:00",
            "role": f"boxoffice-{role}-{resources.SUFFIX}",
            "action": action,
            "resource": f"arn:{resource}",
            "allowed": allowed,
            "statement": "s" if allowed else None,
        }
        for role, action, allowed, resource in lines
    ]
    (state / privileges.RECORD).write_text("".join(json.dumps(line) + "\n" for line in records))


def test_what_was_used_needs_no_reason_and_what_was_not_does(tmp_path: Path) -> None:
    put = ("extractor", "s3:PutObject", True)
    used(tmp_path, (*put, "x"), (*put, "y"), (*put, "x"))  # the last one by a server that was started again
    by_action = {(privilege.role, privilege.action): privilege for privilege in privileges.report(tmp_path).privileges}

    assert by_action["extractor", "s3:PutObject"].used == 2
    assert not by_action["extractor", "s3:PutObject"].is_too_many
    assert by_action["extractor", "secretsmanager:GetSecretValue"].is_too_many, (
        "granted, not used here, and no reason is written down"
    )
    assert by_action["extractor", "kms:Decrypt"].reason
    assert not by_action["extractor", "kms:Decrypt"].is_too_many


def test_a_denied_call_is_told_with_its_resource(tmp_path: Path) -> None:
    used(tmp_path, ("glue-job", "s3:GetObject", False, "x"))

    (denial,) = privileges.report(tmp_path).denials
    assert (denial.role, denial.action, denial.resource) == ("glue-job", "s3:GetObject", "arn:x")


def test_without_a_record_nothing_was_used(tmp_path: Path) -> None:
    report = privileges.report(tmp_path)
    assert {privilege.role for privilege in report.privileges} == {
        "extractor", "crawler", "glue-job", "redshift-copy", "redshift-catalog", "analyst", "usage-limit",
    }  # fmt: skip
    assert not any(privilege.used for privilege in report.privileges)


@pytest.mark.parametrize(
    ("actor", "action"),
    [("extractor", "s3:PutObject"), ("glue-job", "s3:GetObject"), ("redshift-copy", "s3:GetObject")],
)
def test_what_a_pipeline_cannot_do_without_is_excused_by_no_reason(actor: str, action: str) -> None:
    assert reason(actor, action) is None
