"""Decisions about whole policies: a table, with the rule of AWS's documentation that each row follows."""

# ruff: noqa: E501  a table is read row by row
from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from infra.local_aws.access.principals import ANONYMOUS, Principal
from infra.local_aws.tests.access.condition_rows import LOCAL, Values

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
LOGIC = f"{_GUIDE}/reference_policies_evaluation-logic.html"
DENIALS = f"{_GUIDE}/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html"
SINGLE = f"{_GUIDE}/reference_policies_evaluation-logic_policy-eval-denyallow.html"
ACTION = f"{_GUIDE}/reference_policies_elements_action.html"
NOT_ACTION = f"{_GUIDE}/reference_policies_elements_notaction.html"
RESOURCE = f"{_GUIDE}/reference_policies_elements_resource.html"
NOT_RESOURCE = f"{_GUIDE}/reference_policies_elements_notresource.html"
PRINCIPAL = f"{_GUIDE}/reference_policies_elements_principal.html"
NOT_PRINCIPAL = f"{_GUIDE}/reference_policies_elements_notprincipal.html"
BOUNDARY = f"{_GUIDE}/access_policies_boundaries.html"
SESSION = f"{_GUIDE}/access_policies.html#policies_session"
VERSION = f"{_GUIDE}/reference_policies_elements_version.html"
TRUST = f"{_GUIDE}/id_roles_update-role-trust-policy.html"

ACCOUNT = "111122223333"
ROOT = Principal(f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT)
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/loader"
SELF_ARN = f"arn:aws:sts::{ACCOUNT}:assumed-role/loader/job"
USER_ARN = f"arn:aws:iam::{ACCOUNT}:user/ann"
LOADER = Principal(SELF_ARN, ACCOUNT, ROLE_ARN, ("AROAEXAMPLE",))
ANN = Principal(USER_ARN, ACCOUNT, unique_ids=("AIDAEXAMPLE",))
GLUE = Principal("glue.amazonaws.com")
OBJECT = "arn:aws:s3:::lake/raw/a.json"

Statements = list[dict[str, Any]]


def policy(*statements: dict[str, Any], version: str | None = "2012-10-17") -> str:
    """A policy's JSON."""
    return json.dumps(({"Version": version} if version else {}) | {"Statement": list(statements)})


def allow(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def but(effect: str, **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, **elements}


@dataclass(frozen=True)
class Row:
    """One request, the policies that count, and the decision."""

    id: str
    allowed: bool
    rule: str
    page: str
    identity: Statements | None = field(default_factory=list)
    action: str = "s3:GetObject"
    resource: str = OBJECT
    boundary: Statements | None = None
    session: Statements | None = None
    own: Statements | None = None
    principal: Principal = LOADER
    trust: bool = False
    values: Values = field(default_factory=dict)
    version: str | None = "2012-10-17"
    is_resource_known: bool = True


BASICS = [
    Row("nothing", False, "without an Allow it is denied (implicit deny)", LOGIC),
    Row("an-allow", True, "an explicit Allow overrides the implicit deny", LOGIC, [allow()]),
    Row("a-deny-alone", False, "a Deny allows nothing else", LOGIC, [deny("s3:PutObject")]),
    Row("deny-wins", False, "an explicit Deny overrides any Allow", LOGIC, [allow("*"), deny()]),
    Row("deny-wins-before", False, "whatever the order of the statements", LOGIC, [deny(), allow("*")]),
    Row("deny-of-another-action", True, "a Deny is about its own actions", LOGIC, [allow("*"), deny("s3:PutObject")]),
    Row("deny-of-another-resource", True, "and its own resources", LOGIC, [allow("*"), deny("*", "arn:aws:s3:::lake/b")]),
    Row("administrator", True, "the account's administrator needs no policy", LOCAL, None, principal=ROOT),
    Row("allow-of-another-resource", False, "an Allow is about its resources", LOGIC, [allow(resource="arn:aws:s3:::x/*")]),
    Row("two-policies-add-up", True, "Allows of all statements add up", LOGIC, [allow("s3:PutObject"), allow("s3:Get*")]),
]  # fmt: skip

ACTIONS = [
    Row("action-star", True, "* is all actions of all services", ACTION, [allow("*")]),
    Row("action-service-star", True, "and s3:* those of one", ACTION, [allow("s3:*")]),
    Row("action-other-service", False, "of one service", ACTION, [allow("glue:*")]),
    Row("action-prefix", True, "a wildcard may stand anywhere in the name", ACTION, [allow("s3:Get*")]),
    Row("action-middle", True, "a wildcard may stand anywhere in the name", ACTION, [allow("s3:*Object")]),
    Row("action-question", True, "? is one character", ACTION, [allow("s3:?etObject")]),
    Row("action-case", True, "names of actions are not case-sensitive", ACTION, [allow("S3:GETOBJECT")]),
    Row("action-no-prefix-match", False, "without a wildcard the whole name", ACTION, [allow("s3:GetObj")]),
    Row("action-longer", False, "s3:GetObject is not s3:GetObjectAcl", ACTION, [allow()], "s3:GetObjectAcl"),
    Row("action-list", True, "one of a list is enough", ACTION, [allow(["s3:PutObject", "s3:GetObject"])]),
    Row("action-list-none", False, "none of a list", ACTION, [allow(["s3:PutObject", "s3:DeleteObject"])]),
    Row("action-dot", False, "a dot is a dot", ACTION, [allow("s3:Get.bject")]),
    Row("not-action-allow", True, "NotAction: everything but what is listed", NOT_ACTION, [but("Allow", NotAction="iam:*", Resource="*")]),
    Row("not-action-allow-listed", False, "NotAction: everything but what is listed", NOT_ACTION, [but("Allow", NotAction=["iam:*", "s3:Get*"], Resource="*")]),
    Row("not-action-deny", False, "NotAction in a Deny denies what is not listed", NOT_ACTION, [allow("*"), but("Deny", NotAction="iam:*", Resource="*")]),
    Row("not-action-deny-listed", True, "NotAction in a Deny does not deny what is listed", NOT_ACTION, [allow("*"), but("Deny", NotAction="s3:*", Resource="*")]),
    Row("not-action-case", True, "nor is NotAction case-sensitive", NOT_ACTION, [allow("*"), but("Deny", NotAction="S3:GETOBJECT", Resource="*")]),
    Row("not-action-does-not-allow", False, "a Deny with NotAction allows nothing", NOT_ACTION, [but("Deny", NotAction="s3:*", Resource="*")]),
    Row("not-action-deny-with-condition", False, "the documented way to deny all but a few without MFA", NOT_ACTION, [allow("*"), but("Deny", NotAction="iam:ChangePassword", Resource="*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})]),
]  # fmt: skip

LOGS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/glue:log-stream:x"
RESOURCES = [
    Row("resource-exact", True, "the ARN itself", RESOURCE, [allow(resource=OBJECT)]),
    Row("resource-star", True, "* is all resources", RESOURCE, [allow(resource="*")]),
    Row("resource-below", True, "* spans slashes", RESOURCE, [allow(resource="arn:aws:s3:::lake/*")]),
    Row("resource-bucket-is-not-object", False, "a bucket is not what is in it", RESOURCE, [allow(resource="arn:aws:s3:::lake")]),
    Row("resource-object-is-not-bucket", False, "nor the other way round", RESOURCE, [allow("s3:ListBucket", "arn:aws:s3:::lake/*")], "s3:ListBucket", "arn:aws:s3:::lake"),
    Row("resource-middle", True, "a wildcard within a part", RESOURCE, [allow(resource="arn:aws:s3:::lake/*/a.json")]),
    Row("resource-question", True, "? is one character", RESOURCE, [allow(resource="arn:aws:s3:::lake/raw/?.json")]),
    Row("resource-case", False, "ARNs are case-sensitive", RESOURCE, [allow(resource="arn:aws:s3:::lake/RAW/*")]),
    Row("resource-list", True, "one of a list is enough", RESOURCE, [allow(resource=["arn:aws:s3:::x", OBJECT])]),
    Row("resource-within-its-part", False, "a wildcard inside of a part does not span a colon", RESOURCE, [allow("logs:*", "arn:aws:lo*-1:*")], "logs:PutLogEvents", LOGS),
    Row("resource-inside-and-last", False, "the one inside of the part does not, whatever follows", RESOURCE, [allow("logs:*", "arn:aws:l*east*:log-group:*")], "logs:PutLogEvents", LOGS),
    Row("resource-inside-of-the-last", False, "nor when the pattern ends with the part", RESOURCE, [allow("logs:*", "arn:aws:l*-1*")], "logs:PutLogEvents", LOGS),
    Row("resource-last-of-its-part", True, "but the last character of a part may", RESOURCE, [allow("logs:*", "arn:aws:logs:*")], "logs:PutLogEvents", LOGS),
    Row("resource-account-star", True, "a part may be a wildcard", RESOURCE, [allow("logs:*", "arn:aws:logs:*:*:log-group:/aws/*")], "logs:PutLogEvents", LOGS),
    Row("resource-other-account", False, "every part counts", RESOURCE, [allow("logs:*", "arn:aws:logs:*:999999999999:*")], "logs:PutLogEvents", LOGS),
    Row("resource-key-with-colon", True, "the last part may hold colons", RESOURCE, [allow(resource="arn:aws:s3:::lake/*.json")], resource="arn:aws:s3:::lake/at/12:30.json"),
    Row("resource-key-like-a-pattern", False, "characters of regular expressions are ordinary", RESOURCE, [allow(resource="arn:aws:s3:::lake/raw/a(1)+.json")]),
    Row("resource-variable", True, "variables work in Resource", RESOURCE, [allow(resource="arn:aws:s3:::lake/${aws:PrincipalTag/zone}/*")], values={"aws:PrincipalTag/zone": "raw"}),
    Row("resource-variable-other", False, "with the value that the request has", RESOURCE, [allow(resource="arn:aws:s3:::lake/${aws:PrincipalTag/zone}/*")], values={"aws:PrincipalTag/zone": "tmp"}),
    Row("resource-variable-star", False, "a value of * is no wildcard", RESOURCE, [allow(resource="arn:aws:s3:::lake/${aws:PrincipalTag/zone}/*")], values={"aws:PrincipalTag/zone": "*"}),
    Row("resource-variable-absent", False, "without a value it matches nothing", RESOURCE, [allow(resource="arn:aws:s3:::lake/${aws:username}*")]),
    Row("resource-variable-default", True, "or the default", RESOURCE, [allow(resource="arn:aws:s3:::lake/${aws:username, 'raw'}/*")]),
    Row("resource-variable-absent-deny", True, "without a value a Deny matches nothing either", RESOURCE, [allow("*"), deny(resource="arn:aws:s3:::lake/${aws:username}*")]),
    Row("resource-variable-unknown-deny", False, "nobody can tell what the Deny is about", LOCAL, [allow("*"), deny(resource="arn:aws:s3:::lake/${aws:ResourceTag/x}")]),
    Row("resource-variable-old-version", False, "in a policy without a version ${ is text", VERSION, [allow(resource="arn:aws:s3:::lake/${aws:PrincipalTag/zone}/*")], values={"aws:PrincipalTag/zone": "raw"}, version=None),
    Row("resource-variable-2008", False, "and in one of 2008", VERSION, [allow(resource="arn:aws:s3:::lake/${aws:PrincipalTag/zone}/*")], values={"aws:PrincipalTag/zone": "raw"}, version="2008-10-17"),
    Row("condition-variable-old-version", True, "there a variable in a condition is text, too", VERSION, [allow(Condition={"StringEquals": {"s3:prefix": "${aws:username}"}})], values={"s3:prefix": "${aws:username}"}, version="2008-10-17"),
    Row("not-resource-allow", True, "NotResource: everything but what is listed", NOT_RESOURCE, [but("Allow", Action="s3:*", NotResource="arn:aws:s3:::secret/*")]),
    Row("not-resource-allow-listed", False, "NotResource: everything but what is listed", NOT_RESOURCE, [but("Allow", Action="s3:*", NotResource=["arn:aws:s3:::x", "arn:aws:s3:::lake/*"])]),
    Row("not-resource-deny", False, "NotResource in a Deny denies what is not listed", NOT_RESOURCE, [allow("*"), but("Deny", Action="s3:*", NotResource="arn:aws:s3:::secret/*")]),
    Row("not-resource-deny-listed", True, "NotResource in a Deny does not deny what is listed", NOT_RESOURCE, [allow("*"), but("Deny", Action="s3:*", NotResource="arn:aws:s3:::lake/*")]),
    Row("not-action-and-not-resource", False, "both together", NOT_RESOURCE, [allow("*"), but("Deny", NotAction="glue:*", NotResource="arn:aws:s3:::x/*")]),
    Row("not-resource-variable-absent", False, "a text that matches nothing leaves nothing out", NOT_RESOURCE, [allow("*"), but("Deny", Action="*", NotResource="arn:aws:s3:::lake/${aws:username}*")]),
    Row("no-resource-of-its-own", True, "an action without resources has the resource *", RESOURCE, [allow("s3:ListAllMyBuckets")], "s3:ListAllMyBuckets", "*"),
    Row("no-resource-of-its-own-arn", False, "which no ARN matches", RESOURCE, [allow("s3:ListAllMyBuckets", "arn:aws:s3:::*")], "s3:ListAllMyBuckets", "*"),
    Row("resource-unknown-star", True, "whatever the resource is, * matches it", LOCAL, [allow("sqs:*")], "sqs:SendMessage", "*", is_resource_known=False),
    Row("resource-unknown-arn", False, "nobody can tell whether the Allow is about it", LOCAL, [allow("sqs:*", "arn:aws:sqs:*:*:ours")], "sqs:SendMessage", "*", is_resource_known=False),
    Row("resource-unknown-deny", False, "nobody can tell whether the Deny is about it", LOCAL, [allow("*"), deny("sqs:*", "arn:aws:sqs:*:*:theirs")], "sqs:SendMessage", "*", is_resource_known=False),
    Row("resource-unknown-not-resource", False, "nobody can tell what NotResource leaves out", LOCAL, [but("Allow", Action="sqs:*", NotResource="arn:aws:sqs:*:*:x")], "sqs:SendMessage", "*", is_resource_known=False),
    Row("resource-unknown-deny-not-resource", False, "nobody can tell what NotResource leaves out", LOCAL, [allow("*"), but("Deny", Action="sqs:*", NotResource="arn:aws:sqs:*:*:x")], "sqs:SendMessage", "*", is_resource_known=False),
    Row("resource-unknown-deny-all-but-star", True, "NotResource * leaves out everything", LOCAL, [allow("*"), but("Deny", Action="sqs:*", NotResource="*")], "sqs:SendMessage", "*", is_resource_known=False),
]  # fmt: skip

LIMITS = [
    Row("boundary-allows", True, "a boundary limits what policies may grant", BOUNDARY, [allow("*")], boundary=[allow("s3:*")]),
    Row("boundary-lacks", False, "what the boundary does not allow is denied", BOUNDARY, [allow("*")], boundary=[allow("glue:*")]),
    Row("boundary-grants-nothing", False, "a boundary by itself grants nothing", BOUNDARY, boundary=[allow("*")]),
    Row("boundary-denies", False, "a Deny of the boundary is an explicit one", BOUNDARY, [allow("*")], boundary=[allow("*"), deny()]),
    Row("boundary-gone", False, "a boundary whose policy does not exist allows nothing", LOCAL, [allow("*")], boundary=[]),
    Row("session-allows", True, "a session may do what both allow", SESSION, [allow("*")], session=[allow("s3:Get*")]),
    Row("session-lacks", False, "what the session policy does not allow is denied", SESSION, [allow("*")], session=[allow("s3:Put*")]),
    Row("session-grants-nothing", False, "a session policy grants nothing that the role lacks", SESSION, [allow("glue:*")], session=[allow("*")]),
    Row("session-denies", False, "a Deny of the session policy is an explicit one", SESSION, [allow("*")], session=[allow("*"), deny()]),
    Row("all-three", True, "the intersection of all three", SESSION, [allow("s3:*")], boundary=[allow("s3:Get*")], session=[allow("*", "arn:aws:s3:::lake/*")]),
    Row("all-three-one-lacks", False, "the intersection of all three", SESSION, [allow("s3:*")], boundary=[allow("s3:Get*")], session=[allow("*", "arn:aws:s3:::other/*")]),
]  # fmt: skip


def to(names: Any, statement: dict[str, Any]) -> dict[str, Any]:
    """A statement of a resource-based policy."""
    return {**statement, "Principal": names}


def not_to(names: Any, statement: dict[str, Any]) -> dict[str, Any]:
    return {**statement, "NotPrincipal": names}


ALL_OF_LOADER = {"AWS": [ACCOUNT, ROLE_ARN, SELF_ARN]}
OWN = [
    Row("own-allows-role", True, "within an account, an Allow of the resource's policy for the role is enough", SINGLE, own=[to({"AWS": ROLE_ARN}, allow())]),
    Row("own-allows-session", True, "and one for the session", SINGLE, own=[to({"AWS": SELF_ARN}, allow())]),
    Row("own-allows-user", True, "and one for the user", SINGLE, own=[to({"AWS": USER_ARN}, allow())], principal=ANN),
    Row("own-allows-everybody", True, "and one for everybody", SINGLE, own=[to("*", allow())]),
    Row("own-allows-everybody-of-aws", True, '{"AWS": "*"} is the same as "*"', PRINCIPAL, own=[to({"AWS": "*"}, allow())]),
    Row("own-allows-nobody-known", True, "everybody is also who does not sign", PRINCIPAL, own=[to("*", allow())], principal=ANONYMOUS),
    Row("own-allows-account", False, "one for the account leaves it to the account's policies, which do not allow it", PRINCIPAL, own=[to({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, allow())]),
    Row("own-allows-account-and-identity", True, "which allow it", PRINCIPAL, [allow()], own=[to({"AWS": ACCOUNT}, allow())]),
    Row("own-allows-another-role", False, "an Allow for another role", PRINCIPAL, own=[to({"AWS": f"{ROLE_ARN}-2"}, allow())]),
    Row("own-allows-id", True, "a principal may be named by its unique id", PRINCIPAL, own=[to({"AWS": "AROAEXAMPLE"}, allow())]),
    Row("own-allows-no-pattern", False, "wildcards cannot match parts of a principal's name", PRINCIPAL, own=[to({"AWS": f"arn:aws:iam::{ACCOUNT}:role/*"}, allow())]),
    Row("own-allows-another-resource", False, "it is about its resources, too", SINGLE, own=[to("*", allow(resource="arn:aws:s3:::lake/b"))]),
    Row("own-says-nothing", True, "what it does not allow, the role's policies may", SINGLE, [allow()], own=[to("*", allow("s3:ListBucket"))]),
    Row("own-denies-everybody", False, "its explicit Deny binds everybody", LOGIC, [allow("*")], own=[to("*", deny())]),
    Row("own-denies-administrator", False, "the administrator, too", LOGIC, None, own=[to("*", deny())], principal=ROOT),
    Row("own-denies-account", False, "a Deny of the account is one of all in it", PRINCIPAL, [allow("*")], own=[to({"AWS": ACCOUNT}, deny())]),
    Row("own-denies-role", False, "a Deny of the role is one of its sessions", PRINCIPAL, [allow("*")], own=[to({"AWS": ROLE_ARN}, deny())]),
    Row("own-denies-another", True, "a Deny of somebody else", PRINCIPAL, [allow("*")], own=[to({"AWS": USER_ARN}, deny())]),
    Row("own-denies-insecure", False, "the usual Deny of what does not come over TLS", LOGIC, [allow("*")], own=[to("*", deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}))], values={"aws:SecureTransport": "false"}),
    Row("own-denies-insecure-not", True, "over TLS it denies nothing", LOGIC, [allow("*")], own=[to("*", deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}))], values={"aws:SecureTransport": "true"}),
    Row("own-denies-all-but-one-role", True, "the usual Deny of all but one role", PRINCIPAL, [allow("*")], own=[to("*", deny(Condition={"StringNotEquals": {"aws:PrincipalArn": ROLE_ARN}}))], values={"aws:PrincipalArn": ROLE_ARN}),
    Row("own-denies-all-but-another-role", False, "the usual Deny of all but one role", PRINCIPAL, [allow("*")], own=[to("*", deny(Condition={"StringNotEquals": {"aws:PrincipalArn": f"{ROLE_ARN}-2"}}))], values={"aws:PrincipalArn": ROLE_ARN}),
    Row("own-not-principal-all", True, "a Deny with NotPrincipal spares who is listed with account, role and session", NOT_PRINCIPAL, [allow("*")], own=[not_to(ALL_OF_LOADER, deny())]),
    Row("own-not-principal-no-account", False, "without the account the account is denied", NOT_PRINCIPAL, [allow("*")], own=[not_to({"AWS": [ROLE_ARN, SELF_ARN]}, deny())]),
    Row("own-not-principal-no-session", False, "without the session the session is", NOT_PRINCIPAL, [allow("*")], own=[not_to({"AWS": [ACCOUNT, ROLE_ARN]}, deny())]),
    Row("own-not-principal-another", False, "somebody else is denied", NOT_PRINCIPAL, [allow("*")], own=[not_to({"AWS": [ACCOUNT, USER_ARN]}, deny())]),
    Row("own-not-principal-user", True, "a user is listed with the account", NOT_PRINCIPAL, [allow("*")], own=[not_to({"AWS": [ACCOUNT, USER_ARN]}, deny())], principal=ANN),
    Row("own-not-principal-administrator", True, "the administrator is the account", NOT_PRINCIPAL, None, own=[not_to({"AWS": [ACCOUNT, USER_ARN]}, deny())], principal=ROOT),
    Row("own-not-principal-allow", False, "an Allow with NotPrincipal, which AWS warns of, allows nobody here", LOCAL, own=[not_to({"AWS": USER_ARN}, allow())]),
    Row("own-role-boundary", False, "an Allow for the role is limited by its boundary", BOUNDARY, own=[to({"AWS": ROLE_ARN}, allow())], boundary=[allow("glue:*")]),
    Row("own-session-boundary", True, "one for the session itself is not", BOUNDARY, own=[to({"AWS": SELF_ARN}, allow())], boundary=[allow("glue:*")]),
    Row("own-user-boundary", True, "nor is one for the user itself", BOUNDARY, own=[to({"AWS": USER_ARN}, allow())], boundary=[allow("glue:*")], principal=ANN),
    Row("own-role-session", False, "an Allow for the role is limited by the session's policy", SESSION, own=[to({"AWS": ROLE_ARN}, allow())], session=[allow("glue:*")]),
    Row("own-session-session", True, "one for the session itself adds to it", SESSION, own=[to({"AWS": SELF_ARN}, allow())], session=[allow("glue:*")]),
    Row("own-session-denied-by-boundary", False, "an explicit Deny wins over that, too", DENIALS, own=[to({"AWS": SELF_ARN}, allow())], boundary=[deny()]),
]  # fmt: skip

ASSUME = {"action": "sts:AssumeRole", "resource": f"arn:aws:iam::{ACCOUNT}:role/target", "trust": True}


def trusting(names: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": names, "Action": "sts:AssumeRole", **more}


MAY_ASSUME = [allow("sts:AssumeRole")]
TRUSTED = [
    Row("trust-administrator", True, "a role that trusts its account", TRUST, None, own=[trusting({"AWS": ACCOUNT})], principal=ROOT, **ASSUME),
    Row("trust-no-policy", False, "a role must trust whoever takes it on, the administrator as well", SINGLE, None, principal=ROOT, **ASSUME),
    Row("trust-service-alone", False, "a role that trusts a service only", TRUST, None, own=[trusting({"Service": "glue.amazonaws.com"})], principal=ROOT, **ASSUME),
    Row("trust-service", True, "is for that service", TRUST, None, own=[trusting({"Service": "glue.amazonaws.com"})], principal=GLUE, **ASSUME),
    Row("trust-another-service", False, "and for no other", TRUST, None, own=[trusting({"Service": ["lambda.amazonaws.com"]})], principal=GLUE, **ASSUME),
    Row("trust-service-not-account", False, "a service is not in the account", TRUST, None, own=[trusting({"AWS": ACCOUNT})], principal=GLUE, **ASSUME),
    Row("trust-account-needs-permission", False, "trust in the account leaves it to the account's policies", TRUST, own=[trusting({"AWS": ACCOUNT})], **ASSUME),
    Row("trust-account-and-permission", True, "trust in the account leaves it to the account's policies", TRUST, MAY_ASSUME, own=[trusting({"AWS": ACCOUNT})], **ASSUME),
    Row("trust-everybody-needs-permission", False, "trust in everybody, too", LOCAL, own=[trusting("*")], **ASSUME),
    Row("trust-role-needs-none", True, "trust in the role itself is enough", SINGLE, own=[trusting({"AWS": ROLE_ARN})], **ASSUME),
    Row("trust-permission-alone", False, "permission without trust is not", SINGLE, MAY_ASSUME, own=[trusting({"AWS": USER_ARN})], **ASSUME),
    Row("trust-denies", False, "an explicit Deny in the trust policy wins", LOGIC, MAY_ASSUME, own=[trusting("*"), trusting({"AWS": ROLE_ARN}, "Deny")], **ASSUME),
    Row("trust-role-but-denied", False, "an explicit Deny of its own policies wins", LOGIC, [deny("sts:*")], own=[trusting({"AWS": ROLE_ARN})], **ASSUME),
    Row("trust-external-id", True, "the external id that was agreed upon", TRUST, None, own=[trusting({"AWS": ACCOUNT}, Condition={"StringEquals": {"sts:ExternalId": "42"}})], principal=ROOT, values={"sts:ExternalId": "42"}, **ASSUME),
    Row("trust-external-id-other", False, "another one", TRUST, None, own=[trusting({"AWS": ACCOUNT}, Condition={"StringEquals": {"sts:ExternalId": "42"}})], principal=ROOT, values={"sts:ExternalId": "1"}, **ASSUME),
    Row("trust-external-id-none", False, "none", TRUST, None, own=[trusting({"AWS": ACCOUNT}, Condition={"StringEquals": {"sts:ExternalId": "42"}})], principal=ROOT, **ASSUME),
    Row("trust-source-account", True, "the service works for this account", TRUST, None, own=[trusting({"Service": "glue.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})], principal=GLUE, values={"aws:SourceAccount": ACCOUNT}, **ASSUME),
    Row("trust-source-account-other", False, "it works for another", TRUST, None, own=[trusting({"Service": "glue.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}})], principal=GLUE, values={"aws:SourceAccount": ACCOUNT}, **ASSUME),
    Row("trust-another-action", False, "trust for another action", TRUST, None, own=[but("Allow", Principal="*", Action="sts:AssumeRoleWithSAML")], principal=ROOT, **ASSUME),
]  # fmt: skip

ROWS = [*BASICS, *ACTIONS, *RESOURCES, *LIMITS, *OWN, *TRUSTED]
