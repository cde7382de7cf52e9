"""Whether a condition holds: a table, with the rule of AWS's documentation that each row follows.

Each row is evaluated twice: in an Allow, and in a Deny next to an Allow of everything.
"""

# ruff: noqa: E501  a table is read row by row
from __future__ import annotations

from dataclasses import dataclass

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
OPERATORS = f"{_GUIDE}/reference_policies_elements_condition_operators.html"
SEVERAL = f"{_GUIDE}/reference_policies_condition-logic-multiple-context-keys-or-values.html"
SETS = f"{_GUIDE}/reference_policies_condition-single-vs-multi-valued-context-keys.html"
CONDITION = f"{_GUIDE}/reference_policies_elements_condition.html"
KEYS = f"{_GUIDE}/reference_policies_condition-keys.html"
VARIABLES = f"{_GUIDE}/reference_policies_variables.html"
LOCAL = "docs/adr/0015-roles-are-held-to-the-template-locally.md"

Values = dict[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Row:
    """One condition and one request.

    Attributes:
        holds: None if the result is unknown. Then the Allow doesn't count, and the Deny does.
    """

    id: str
    condition: dict[str, dict[str, object]]
    values: Values
    holds: bool | None
    rule: str
    page: str


def _rows(page: str, *rows: tuple[str, str, str, object, Values, bool | None, str]) -> list[Row]:
    return [
        Row(id_, {operator: {key: condition_value}}, values, holds, rule, page)
        for id_, operator, key, condition_value, values, holds, rule in rows
    ]


K, PREFIX, SIZE = "aws:PrincipalTag/team", "s3:prefix", "s3:max-keys"
TIME, IP, ROLE = "aws:CurrentTime", "aws:SourceIp", "aws:PrincipalArn"
ARN = "arn:aws:iam::111122223333:role/etl/loader"
NOON = "2026-11-20T12:00:00Z"

STRINGS = _rows(
    OPERATORS,
    ("string-equals", "StringEquals", K, "red", {K: "red"}, True, "StringEquals compares exactly"),
    ("string-equals-case", "StringEquals", K, "Red", {K: "red"}, False, "StringEquals is case-sensitive"),
    ("string-equals-star-is-text", "StringEquals", K, "r*", {K: "red"}, False, "only the Like operators have wildcards"),
    ("string-equals-literal-star", "StringEquals", K, "r*", {K: "r*"}, True, "only the Like operators have wildcards"),
    ("string-not-equals", "StringNotEquals", K, "red", {K: "blue"}, True, "negated matching"),
    ("string-not-equals-same", "StringNotEquals", K, "red", {K: "red"}, False, "negated matching"),
    ("string-not-equals-case", "StringNotEquals", K, "Red", {K: "red"}, True, "StringNotEquals is case-sensitive"),
    ("string-equals-ignoring-case", "StringEqualsIgnoreCase", K, "RED", {K: "red"}, True, "exact, ignoring case"),
    ("string-equals-ignoring-case-other", "StringEqualsIgnoreCase", K, "RED", {K: "reddish"}, False, "still exact"),
    ("string-not-equals-ignoring-case", "StringNotEqualsIgnoreCase", K, "RED", {K: "red"}, False, "negated, ignoring case"),
    ("string-not-equals-ignoring-case-other", "StringNotEqualsIgnoreCase", K, "RED", {K: "blue"}, True, "negated"),
    ("string-like-star", "StringLike", PREFIX, "raw/*", {PREFIX: "raw/a/b"}, True, "* is any number of characters"),
    ("string-like-star-is-empty", "StringLike", PREFIX, "raw/*", {PREFIX: "raw/"}, True, "* may be no character"),
    ("string-like-question", "StringLike", PREFIX, "raw/?", {PREFIX: "raw/a"}, True, "? is one character"),
    ("string-like-question-two", "StringLike", PREFIX, "raw/?", {PREFIX: "raw/ab"}, False, "? is just one character"),
    ("string-like-case", "StringLike", PREFIX, "RAW/*", {PREFIX: "raw/a"}, False, "StringLike is case-sensitive"),
    ("string-like-dot-is-text", "StringLike", PREFIX, "a.c", {PREFIX: "abc"}, False, "there are no wildcards but * and ?"),
    ("string-like-line-break", "StringLike", PREFIX, "a*c", {PREFIX: "a\nc"}, True, "* is any character"),
    ("string-not-like", "StringNotLike", PREFIX, "raw/*", {PREFIX: "curated/a"}, True, "negated matching with wildcards"),
    ("string-not-like-same", "StringNotLike", PREFIX, "raw/*", {PREFIX: "raw/a"}, False, "negated matching with wildcards"),
)  # fmt: skip

NUMBERS = _rows(
    OPERATORS,
    ("numeric-equals", "NumericEquals", SIZE, "10", {SIZE: "10"}, True, "numbers are compared as numbers"),
    ("numeric-equals-decimal", "NumericEquals", SIZE, "10.0", {SIZE: "10"}, True, "integers and decimals are numbers"),
    ("numeric-equals-json-number", "NumericEquals", SIZE, 10, {SIZE: "10"}, True, "JSON may hold it without quotes"),
    ("numeric-not-equals", "NumericNotEquals", SIZE, "10", {SIZE: "11"}, True, "negated matching"),
    ("numeric-not-equals-same", "NumericNotEquals", SIZE, "10", {SIZE: "10"}, False, "negated matching"),
    ("numeric-less", "NumericLessThan", SIZE, "10", {SIZE: "9"}, True, "not as text: 9 is less than 10"),
    ("numeric-less-equal", "NumericLessThan", SIZE, "10", {SIZE: "10"}, False, "less than"),
    ("numeric-less-or-equal", "NumericLessThanEquals", SIZE, "10", {SIZE: "10"}, True, "less than or equal"),
    ("numeric-less-or-equal-more", "NumericLessThanEquals", SIZE, "10", {SIZE: "11"}, False, "less than or equal"),
    ("numeric-greater", "NumericGreaterThan", SIZE, "10", {SIZE: "100"}, True, "greater than"),
    ("numeric-greater-equal", "NumericGreaterThan", SIZE, "10", {SIZE: "10"}, False, "greater than"),
    ("numeric-greater-or-equal", "NumericGreaterThanEquals", SIZE, "10", {SIZE: "10"}, True, "greater than or equal"),
    ("numeric-greater-or-equal-less", "NumericGreaterThanEquals", SIZE, "10", {SIZE: "9"}, False, "greater or equal"),
    ("numeric-absent", "NumericLessThan", "s3:TlsVersion", "1.2", {}, False, "a key that is not there does not match"),
    ("numeric-no-number", "NumericEquals", SIZE, "ten", {SIZE: "10"}, None, "a value that is no number: nobody can tell"),
    ("numeric-no-number-asked", "NumericNotEquals", SIZE, "10", {SIZE: "ten"}, None, "the same of the request's value"),
)  # fmt: skip

DATES = _rows(
    OPERATORS,
    ("date-equals", "DateEquals", TIME, NOON, {TIME: NOON}, True, "one instant"),
    ("date-equals-zone", "DateEquals", TIME, "2026-11-20T13:00:00+01:00", {TIME: NOON}, True, "zones of ISO 8601 count"),
    ("date-equals-epoch", "DateEquals", TIME, "1795176000", {TIME: NOON}, True, "or seconds since 1970"),
    ("date-not-equals", "DateNotEquals", TIME, NOON, {TIME: "2026-11-20T12:00:01Z"}, True, "negated matching"),
    ("date-less", "DateLessThan", TIME, "2026-12-01T00:00:00Z", {TIME: NOON}, True, "before"),
    ("date-less-day-alone", "DateLessThan", TIME, "2026-11-20", {TIME: NOON}, False, "a day without a time is midnight UTC"),
    ("date-less-or-equal", "DateLessThanEquals", TIME, NOON, {TIME: NOON}, True, "at or before"),
    ("date-greater", "DateGreaterThan", TIME, "2026-11-01T00:00:00Z", {TIME: NOON}, True, "after"),
    ("date-greater-same", "DateGreaterThan", TIME, NOON, {TIME: NOON}, False, "after, not at"),
    ("date-greater-or-equal", "DateGreaterThanEquals", TIME, NOON, {TIME: NOON}, True, "at or after"),
    ("date-of-epoch-key", "DateGreaterThan", "aws:EpochTime", "2026-01-01T00:00:00Z", {"aws:EpochTime": "1795176000"}, True, "aws:EpochTime may be compared with a date"),
    ("date-numeric-of-epoch-key", "NumericGreaterThan", "aws:EpochTime", "1700000000", {"aws:EpochTime": "1795176000"}, True, "and as a number"),
    ("date-no-date", "DateLessThan", TIME, "tomorrow", {TIME: NOON}, None, "a value that is no date: nobody can tell"),
)  # fmt: skip

OTHERS = _rows(
    OPERATORS,
    ("bool-true", "Bool", "aws:SecureTransport", "true", {"aws:SecureTransport": "true"}, True, "true or false"),
    ("bool-false", "Bool", "aws:SecureTransport", "false", {"aws:SecureTransport": "false"}, True, "true or false"),
    ("bool-other", "Bool", "aws:SecureTransport", "false", {"aws:SecureTransport": "true"}, False, "true or false"),
    ("bool-json", "Bool", "aws:SecureTransport", False, {"aws:SecureTransport": "false"}, True, "JSON may hold it without quotes"),
    ("bool-case", "Bool", "aws:SecureTransport", "False", {"aws:SecureTransport": "false"}, True, "case does not matter"),
    ("bool-absent", "Bool", "aws:MultiFactorAuthPresent", "false", {}, False, "long-term credentials have no such key, and an absent key does not match"),
    ("bool-no-boolean", "Bool", "aws:SecureTransport", "maybe", {"aws:SecureTransport": "true"}, None, "neither true nor false: nobody can tell"),
    ("binary-equals", "BinaryEquals", K, "QmluYXJ5", {K: "QmluYXJ5"}, True, "bytes, in base64"),
    ("binary-equals-other", "BinaryEquals", K, "QmluYXJ5", {K: "b3RoZXI="}, False, "byte by byte"),
    ("ip-in-range", "IpAddress", IP, "203.0.113.0/24", {IP: "203.0.113.7"}, True, "an address in a range of CIDR"),
    ("ip-outside", "IpAddress", IP, "203.0.113.0/24", {IP: "198.51.100.7"}, False, "an address in a range of CIDR"),
    ("ip-without-length", "IpAddress", IP, "203.0.113.7", {IP: "203.0.113.7"}, True, "without a length, /32"),
    ("ip-not-in-range", "NotIpAddress", IP, "203.0.113.0/24", {IP: "198.51.100.7"}, True, "all but the range"),
    ("ip-not-in-range-is", "NotIpAddress", IP, ["192.0.2.0/24", "203.0.113.0/24"], {IP: "203.0.113.7"}, False, "all but the ranges"),
    ("ip-v6", "IpAddress", IP, "2001:db8::/32", {IP: "2001:db8::1"}, True, "IPv6 as well"),
    ("ip-v4-and-v6", "IpAddress", IP, "2001:db8::/32", {IP: "203.0.113.7"}, False, "an IPv4 address is in no range of IPv6"),
    ("ip-no-range", "IpAddress", IP, "everywhere", {IP: "203.0.113.7"}, None, "no range: nobody can tell"),
    ("arn-equals", "ArnEquals", ROLE, ARN, {ROLE: ARN}, True, "part by part"),
    ("arn-equals-wildcard", "ArnEquals", ROLE, "arn:aws:iam::*:role/etl/*", {ROLE: ARN}, True, "ArnEquals and ArnLike behave the same"),
    ("arn-like", "ArnLike", ROLE, "arn:aws:iam::111122223333:role/*", {ROLE: ARN}, True, "each part with its wildcards"),
    ("arn-like-one-part", "ArnLike", ROLE, "arn:aws:*:role/etl/loader", {ROLE: ARN}, False, "the six parts are checked one by one: * does not span two"),
    ("arn-like-case", "ArnLike", ROLE, "arn:aws:iam::111122223333:role/ETL/*", {ROLE: ARN}, False, "case-sensitive"),
    ("arn-like-no-arn", "ArnLike", K, "arn:aws:iam::*:role/*", {K: "red"}, False, "what is no ARN does not fit"),
    ("arn-not-like", "ArnNotLike", ROLE, "arn:aws:iam::*:role/other", {ROLE: ARN}, True, "negated matching"),
    ("arn-not-equals", "ArnNotEquals", ROLE, ARN, {ROLE: ARN}, False, "negated matching"),
    ("string-like-spans-parts", "StringLike", ROLE, "arn:aws:*:role/etl/loader", {ROLE: ARN}, True, "for StringLike an ARN is a text"),
    ("null-true", "Null", K, "true", {}, True, "the key is not there"),
    ("null-true-there", "Null", K, "true", {K: "red"}, False, "the key is there"),
    ("null-false", "Null", K, "false", {K: "red"}, True, "the key is there"),
    ("null-false-absent", "Null", K, "false", {}, False, "the key is not there"),
    ("null-empty-value", "Null", PREFIX, "true", {PREFIX: ""}, False, "an empty value is a value"),
    ("null-json", "Null", K, True, {}, True, "JSON may hold it without quotes"),
)  # fmt: skip

ABSENT = _rows(
    OPERATORS,
    ("absent-string-equals", "StringEquals", K, "red", {}, False, "a key that is not there does not match"),
    ("absent-string-like-star", "StringLike", K, "*", {}, False, "not even *"),
    ("absent-string-not-equals", "StringNotEquals", K, "red", {}, True, "a negated operator matches when the key is not there"),
    ("absent-string-not-like", "StringNotLike", PREFIX, "raw/*", {}, True, "a negated operator matches when the key is not there"),
    ("absent-arn-not-like", "ArnNotLike", "aws:SourceArn", "arn:aws:s3:::*", {}, True, "a negated operator matches when the key is not there"),
    ("absent-not-ip", "NotIpAddress", "aws:VpcSourceIp", "10.0.0.0/8", {}, True, "a negated operator matches when the key is not there"),
    ("absent-numeric-not-equals", "NumericNotEquals", SIZE, "10", {}, True, "a negated operator matches when the key is not there"),
    ("absent-date-less", "DateLessThan", "aws:TokenIssueTime", NOON, {}, False, "a key that is not there does not match"),
    ("if-exists-absent", "StringEqualsIfExists", K, "red", {}, True, "...IfExists: without the key it holds"),
    ("if-exists-same", "StringEqualsIfExists", K, "red", {K: "red"}, True, "...IfExists: with the key it is compared"),
    ("if-exists-other", "StringEqualsIfExists", K, "red", {K: "blue"}, False, "...IfExists: with the key it is compared"),
    ("if-exists-negated-absent", "StringNotEqualsIfExists", K, "red", {}, True, "...IfExists: without the key it holds"),
    ("if-exists-bool", "BoolIfExists", "aws:MultiFactorAuthPresent", "false", {}, True, "the documented way to deny calls without MFA, also of long-term keys"),
    ("if-exists-numeric", "NumericLessThanIfExists", SIZE, "10", {SIZE: "20"}, False, "...IfExists: with the key it is compared"),
    ("if-exists-ip", "IpAddressIfExists", IP, "10.0.0.0/8", {}, True, "...IfExists: without the key it holds"),
    ("if-exists-arn", "ArnLikeIfExists", "aws:SourceArn", "arn:aws:s3:::*", {}, True, "...IfExists: without the key it holds"),
    ("if-exists-null", "NullIfExists", K, "true", {K: "red"}, None, "there is no NullIfExists"),
)  # fmt: skip

TAGS = "aws:TagKeys"
MANY: Values = {TAGS: ("cost", "team")}
MULTIPLE = [
    *_rows(
        SEVERAL,
        ("several-wanted-one", "StringEquals", K, ["red", "blue"], {K: "blue"}, True, "values of one key: any of them"),
        ("several-wanted-none", "StringEquals", K, ["red", "blue"], {K: "green"}, False, "values of one key: any of them"),
        ("several-unwanted-one", "StringNotEquals", K, ["red", "blue"], {K: "blue"}, False, "values of a negated operator: none of them (NOR)"),
        ("several-unwanted-none", "StringNotEquals", K, ["red", "blue"], {K: "green"}, True, "values of a negated operator: none of them (NOR)"),
        ("several-not-like", "StringNotLike", PREFIX, ["raw/*", "tmp/*"], {PREFIX: "tmp/x"}, False, "none of them"),
    ),
    Row("two-keys", {"StringEquals": {K: "red", PREFIX: "raw/"}}, {K: "red", PREFIX: "raw/"}, True, "keys of one operator: all of them", SEVERAL),
    Row("two-keys-one", {"StringEquals": {K: "red", PREFIX: "raw/"}}, {K: "red", PREFIX: "tmp/"}, False, "keys of one operator: all of them", SEVERAL),
    Row("two-operators", {"StringEquals": {K: "red"}, "NumericLessThan": {SIZE: "5"}}, {K: "red", SIZE: "4"}, True, "operators: all of them", SEVERAL),
    Row("two-operators-one", {"StringEquals": {K: "red"}, "NumericLessThan": {SIZE: "5"}}, {K: "red", SIZE: "6"}, False, "operators: all of them", SEVERAL),
    Row("unknown-and-false", {"StringEquals": {K: "red", "aws:ResourceTag/x": "y"}}, {K: "blue"}, False, "all of them: one that does not hold is enough, whatever the others are", LOCAL),
    Row("unknown-and-true", {"StringEquals": {K: "red", "aws:ResourceTag/x": "y"}}, {K: "red"}, None, "all of them, and of one nobody can tell", LOCAL),
    *_rows(
        SETS,
        ("for-all", "ForAllValues:StringEquals", TAGS, ["cost", "team", "x"], MANY, True, "ForAllValues: each value of the request is among those of the policy"),
        ("for-all-one-more", "ForAllValues:StringEquals", TAGS, ["cost"], MANY, False, "ForAllValues: each value of the request"),
        ("for-all-absent", "ForAllValues:StringEquals", TAGS, ["cost"], {TAGS: ()}, True, "ForAllValues: holds when the request has no such key"),
        ("for-all-like", "ForAllValues:StringLike", TAGS, ["c*", "t*"], MANY, True, "ForAllValues with wildcards"),
        ("for-all-not", "ForAllValues:StringNotEquals", TAGS, ["x", "y"], MANY, True, "ForAllValues, negated: no value of the request is among those of the policy"),
        ("for-all-not-one", "ForAllValues:StringNotEquals", TAGS, ["cost", "y"], MANY, False, "ForAllValues, negated"),
        ("for-any", "ForAnyValue:StringEquals", TAGS, ["cost", "x"], MANY, True, "ForAnyValue: at least one value of the request is among those of the policy"),
        ("for-any-none", "ForAnyValue:StringEquals", TAGS, ["x"], MANY, False, "ForAnyValue: at least one"),
        ("for-any-absent", "ForAnyValue:StringEquals", TAGS, ["x"], {TAGS: ()}, False, "ForAnyValue: does not hold when the request has no such key"),
        ("for-any-not", "ForAnyValue:StringNotEquals", TAGS, ["cost"], MANY, True, "ForAnyValue, negated: at least one value of the request is not among those of the policy"),
        ("for-any-not-all", "ForAnyValue:StringNotEquals", TAGS, ["cost", "team"], MANY, False, "ForAnyValue, negated"),
        ("for-any-not-absent", "ForAnyValue:StringNotEquals", TAGS, ["x"], {TAGS: ()}, False, "ForAnyValue: does not hold when the request has no such key"),
        ("for-all-if-exists", "ForAllValues:StringEqualsIfExists", TAGS, ["cost"], MANY, False, "IfExists adds nothing to ForAllValues"),
        ("for-any-if-exists-absent", "ForAnyValue:StringEqualsIfExists", TAGS, ["x"], {TAGS: ()}, False, "IfExists adds nothing to ForAnyValue"),
        ("for-some", "ForSomeValues:StringEquals", TAGS, ["cost"], MANY, None, "there are two set operators and no third"),
    ),
]  # fmt: skip

KEY_NAMES = [
    *_rows(
        CONDITION,
        ("key-in-another-case", "StringEquals", "AWS:principalTAG/team", "red", {K: "red"}, True, "names of keys are not case-sensitive"),
        ("operator-unknown", "StringMatches", K, "red", {K: "red"}, None, "an operator that does not exist: nobody can tell"),
        ("operator-case", "stringequals", K, "red", {K: "red"}, None, "operators are written as documented"),
    ),
    *_rows(
        KEYS,
        ("key-no-organization", "StringNotEquals", "aws:PrincipalOrgID", "o-1", {}, True, "absent: the account is in no organization"),
        ("key-no-vpc", "StringEquals", "aws:SourceVpce", "vpce-1", {}, False, "absent: the request comes through no VPC endpoint"),
        ("key-no-vpc-null", "Null", "aws:SourceVpce", "true", {}, True, "absent: the request comes through no VPC endpoint"),
        ("key-no-service-in-between", "StringEquals", "aws:CalledViaFirst", "athena.amazonaws.com", {}, False, "absent: no service made the request for the principal"),
        ("key-no-user-name", "StringEquals", "aws:username", "x", {}, False, "absent: a role has no user name"),
        ("key-of-another-service", "StringEquals", "kms:ViaService", "s3.us-east-1.amazonaws.com", {}, False, "a service's keys are in requests to it alone"),
        ("key-of-another-service-negated", "StringNotEquals", "kms:ViaService", "x", {}, True, "a service's keys are in requests to it alone"),
        ("key-tag-of-the-principal", "StringEquals", "aws:PrincipalTag/other", "x", {K: "red"}, False, "absent: the principal has no such tag"),
        ("key-session-of-a-glue-job", "StringEquals", "glue:RoleAssumedBy", "x", {}, None, "in requests to any service, of jobs: nobody can tell"),
    ),
    *_rows(
        LOCAL,
        ("key-unknown-global", "StringEquals", "aws:ResourceTag/env", "prod", {}, None, "tags of resources are not looked up"),
        ("key-unknown-negated", "StringNotEquals", "aws:ResourceTag/env", "prod", {}, None, "nor is their absence known"),
        ("key-unknown-null", "Null", "aws:ResourceTag/env", "true", {}, None, "nor is their absence known"),
        ("key-unknown-if-exists", "StringEqualsIfExists", "s3:ExistingObjectTag/a", "x", {}, None, "nor is their absence known"),
        ("key-unknown-for-all", "ForAllValues:StringEquals", "aws:Made-up", "x", {}, None, "a key that nobody documents"),
    ),
]  # fmt: skip

FILLED = _rows(
    VARIABLES,
    ("variable", "StringEquals", PREFIX, "home/${aws:PrincipalTag/team}", {PREFIX: "home/red", K: "red"}, True, "the value that the request has"),
    ("variable-other", "StringEquals", PREFIX, "home/${aws:PrincipalTag/team}", {PREFIX: "home/blue", K: "red"}, False, "the value that the request has"),
    ("variable-case", "StringEquals", PREFIX, "home/${AWS:principaltag/team}", {PREFIX: "home/red", K: "red"}, True, "names of keys are not case-sensitive"),
    ("variable-absent", "StringEquals", PREFIX, "home/${aws:username}", {PREFIX: "home/"}, False, "without a value the text matches nothing"),
    ("variable-absent-negated", "StringNotEquals", PREFIX, "home/${aws:username}", {PREFIX: "home/"}, True, "it matches nothing, so that the negation holds"),
    ("variable-default", "StringEquals", PREFIX, "home/${aws:username, 'shared'}", {PREFIX: "home/shared"}, True, "the default of a key that is not there"),
    ("variable-default-unused", "StringEquals", PREFIX, "home/${aws:PrincipalTag/team, 'shared'}", {PREFIX: "home/red", K: "red"}, True, "the default is for a key that is not there"),
    ("variable-of-several", "StringEquals", PREFIX, "${aws:TagKeys}", {PREFIX: "cost", **MANY}, False, "a key of several values cannot be a variable"),
    ("variable-unknown", "StringEquals", PREFIX, "${aws:ResourceTag/x}", {PREFIX: "y"}, None, "a value that nobody knows"),
    ("variable-value-has-star", "StringLike", PREFIX, "home/${aws:PrincipalTag/team}/*", {PREFIX: "home/blue/a", K: "*"}, False, "what a value holds is text, no wildcard"),
    ("variable-star", "StringLike", PREFIX, "a${*}b", {PREFIX: "a*b"}, True, "${*} is an asterisk"),
    ("variable-star-is-no-wildcard", "StringLike", PREFIX, "a${*}b", {PREFIX: "axb"}, False, "${*} is an asterisk and no wildcard"),
    ("variable-question", "StringLike", PREFIX, "a${?}", {PREFIX: "ax"}, False, "${?} is a question mark and no wildcard"),
    ("variable-dollar", "StringEquals", PREFIX, "${$}{aws:username}", {PREFIX: "${aws:username}"}, True, "${$} is a dollar sign"),
    ("variable-in-arn", "ArnLike", ROLE, "arn:aws:iam::111122223333:role/${aws:PrincipalTag/team}", {ROLE: "arn:aws:iam::111122223333:role/red", K: "red"}, True, "variables work in operators of text and of ARNs"),
    ("variable-in-number", "NumericEquals", SIZE, "${aws:EpochTime}", {SIZE: "5", "aws:EpochTime": "5"}, None, "and in no others: it is no number"),
)  # fmt: skip

ROWS = [*STRINGS, *NUMBERS, *DATES, *OTHERS, *ABSENT, *MULTIPLE, *KEY_NAMES, *FILLED]
