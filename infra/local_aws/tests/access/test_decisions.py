"""IAM's evaluation, decision by decision, each with the rule that it follows; and how long one takes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from infra.local_aws.access.calls import KEYS_OF_STS
from infra.local_aws.access.context import Context
from infra.local_aws.access.evaluation import Policies, decide
from infra.local_aws.access.policies import MalformedPolicy, Request, parsed
from infra.local_aws.access.s3_actions import KEYS
from infra.local_aws.tests.access import condition_rows, decision_rows
from infra.local_aws.tests.access.decision_rows import LOADER, OBJECT, allow, deny, policy

_KNOWN = KEYS | KEYS_OF_STS


def _request(action: str, resource: str, values: condition_rows.Values, *, is_known: bool = True) -> Request:
    return Request(action, resource, Context(action.partition(":")[0], values, _KNOWN), is_known)


@pytest.mark.parametrize("row", condition_rows.ROWS, ids=lambda row: row.id)
def test_a_condition_holds_or_not(row: condition_rows.Row) -> None:
    request = _request("s3:GetObject", OBJECT, row.values)
    allowing = Policies((policy(allow(Condition=row.condition)),))
    denying = Policies((policy(allow(), deny(Condition=row.condition)),))
    expected = (row.holds is True, row.holds is False)
    assert (decide(LOADER, request, allowing).allowed, decide(LOADER, request, denying).allowed) == expected, row.rule


@pytest.mark.parametrize("row", decision_rows.ROWS, ids=lambda row: row.id)
def test_a_request_is_allowed_or_not(row: decision_rows.Row) -> None:
    def documents(statements: decision_rows.Statements | None) -> tuple[str, ...] | None:
        return None if statements is None else (policy(*statements, version=row.version),) if statements else ()

    policies = Policies(
        documents(row.identity),
        documents(row.boundary),
        documents(row.session),
        policy(*row.own) if row.own else None,
        must_be_trusted=row.trust,
    )
    request = _request(row.action, row.resource, row.values, is_known=row.is_resource_known)
    assert decide(row.principal, request, policies).allowed is row.allowed, f"{row.rule} ({row.page})"


def test_every_row_has_its_rule_and_a_name_of_its_own() -> None:
    rows: list[Any] = [*condition_rows.ROWS, *decision_rows.ROWS]
    assert len(rows) >= 150
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.rule and row.page.startswith(("https://docs.aws.amazon.com/", "docs/adr/")) for row in rows)


@pytest.mark.parametrize(
    ("policies", "reason"),
    [
        (Policies(()), "because no identity-based policy allows the s3:GetObject action"),
        (Policies((policy(deny()),)), "with an explicit deny in an identity-based policy"),
        (Policies((policy(allow()),), boundary=()), "because no permissions boundary allows the s3:GetObject action"),
        (Policies((policy(allow()),), session=()), "because no session policy allows the s3:GetObject action"),
        (
            Policies((policy(allow()),), resource=policy(decision_rows.to("*", deny()))),
            "with an explicit deny in a resource-based policy",
        ),
    ],
    ids=["implicit", "explicit", "boundary", "session", "resource"],
)
def test_a_denial_says_why_in_the_words_of_iam(policies: Policies, reason: str) -> None:
    decision = decide(LOADER, _request("s3:GetObject", OBJECT, {}), policies)
    assert (decision.allowed, decision.reason) == (False, reason)


@pytest.mark.parametrize(
    "document",
    ["{", "[]", "{}", '{"Statement": [{"Effect": "Maybe", "Action": "*"}]}', '{"Statement": [{"Effect": "Allow"}]}'],
    ids=["no-json", "no-object", "no-statement", "no-effect", "no-action"],
)
def test_what_is_no_policy_is_malformed(document: str) -> None:
    with pytest.raises(MalformedPolicy):
        parsed(document)


def test_a_decision_takes_microseconds() -> None:
    """Each request of a role is decided, S3's hundreds a second too; the limit is for a machine that is very busy."""
    statements = [allow(f"s3:Get{number}", f"arn:aws:s3:::b{number}/*") for number in range(20)]
    near = allow(Condition={"StringLike": {"s3:prefix": ["raw/*", "curated/${aws:PrincipalTag/zone}/*"]}})
    policies = Policies((policy(*statements, near),))
    values = {"s3:prefix": "curated/a/b", "aws:PrincipalTag/zone": "a"}
    times = []
    for _ in range(200):
        start = time.perf_counter()
        assert decide(LOADER, _request("s3:GetObject", OBJECT, values), policies).allowed
        times.append(time.perf_counter() - start)
    assert min(times) < 0.000_5
