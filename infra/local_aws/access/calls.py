"""From a request to what IAM is asked about it: actions, resources, and what conditions may look at.

Facts of the services (https://docs.aws.amazon.com/service-authorization/latest/reference/). An operation that is not
known here is asked about with resource `*`, which only a statement on everything allows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from moto.secretsmanager.models import secretsmanager_backends

from infra.local_aws import account
from infra.local_aws.access.callers import Signature

_SERVICES = {"monitoring": "cloudwatch"}
"""Names in a credential scope that are not IAM's prefix of the service."""
_KEYS_OF_DELETE = re.compile(rb"<Key>(.*?)</Key>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ask:
    """May this be done? An action on a resource (ARN, or `*`), with the keys of conditions that it has."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as far as IAM looks at it."""

    signed: Signature
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def operation(self) -> str:
        """The operation's name, of services that send it: in a header, or as a form's field."""
        target = self.headers.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        return target or self.form.get("Action", "")

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        if not self.headers.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            return {}
        return {name: values[0] for name, values in parse_qs(self.body.decode("utf-8", "replace")).items()}

    @property
    def json(self) -> dict[str, Any]:
        """The body's fields, of services that speak JSON."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def asks(call: Call, statement_owner: Callable[[str], str | None]) -> list[Ask]:
    """What a call must be allowed; all of it.

    Args:
        call: the request.
        statement_owner: the user id of whoever submitted a statement of the Data API, by its id.
    """
    service = _SERVICES.get(call.signed.service, call.signed.service)
    if service == "s3":
        return list(_s3(call))
    found: list[Ask]
    if service == "glue":
        found = list(_glue(call))
    elif service == "redshift-data":
        found = list(_redshift_data(call, statement_owner))
    elif service == "secretsmanager":
        found = [Ask(f"{service}:{call.operation}", _secret(call))]
    elif service == "sns":
        found = [Ask(f"{service}:{call.operation}", call.form.get("TopicArn", "*"))]
    elif service == "cloudwatch":
        context = {"cloudwatch:namespace": str(call.json.get("Namespace") or call.form.get("Namespace", ""))}
        found = [Ask(f"{service}:{call.operation}", "*", context)]
    else:
        found = [Ask(f"{service}:{call.operation}", "*")]
    return found


def objects(action: str, uri: str) -> Ask:
    """An action on an object, by its `s3://` URI."""
    return Ask(action, f"arn:aws:s3:::{uri.partition('://')[2]}")


def listing(bucket: str, prefix: str) -> Ask:
    """Listing a bucket below a prefix."""
    return Ask("s3:ListBucket", f"arn:aws:s3:::{bucket}", {"s3:prefix": prefix})


def tables(operation: str, region: str, database: str, *names: str) -> Iterator[Ask]:
    """An operation on the catalog: of the catalog, of the database, and of tables in it (`*`: of all)."""
    for resource in ("catalog", f"database/{database}", *(f"table/{database}/{name}" for name in names)):
        yield Ask(f"glue:{operation}", _arn("glue", region, resource))


def log_writing(region: str, group: str, stream: str) -> Iterator[Ask]:
    """Writing to a stream of CloudWatch Logs, as a service does that makes group and stream itself."""
    for action in ("CreateLogGroup", "CreateLogStream", "PutLogEvents"):
        yield Ask(f"logs:{action}", _arn("logs", region, f"log-group:{group}:log-stream:{stream}"))


def _s3(call: Call) -> Iterator[Ask]:
    bucket, _, key = call.path.lstrip("/").partition("/")
    if not bucket:
        yield Ask("s3:ListAllMyBuckets", "*")
        return
    if key:
        yield from _s3_object(call, f"s3://{bucket}/{key}")
    elif call.method == "POST" and "delete" in call.query:
        for found in _KEYS_OF_DELETE.findall(call.body):
            yield objects("s3:DeleteObject", f"s3://{bucket}/{_unescaped(found)}")
    elif call.method in ("GET", "HEAD") and call.query.keys() <= _OF_LISTING:
        yield listing(bucket, call.query.get("prefix", [""])[0])
    else:
        what = next(iter(call.query.keys() & _SUBRESOURCES), "Bucket")
        yield Ask(f"s3:{call.method.title()}{what.title()}", f"arn:aws:s3:::{bucket}")


_OF_LISTING = {
    "list-type", "prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type", "fetch-owner",
    "marker", "optional-object-attributes",
}  # fmt: skip
_SUBRESOURCES = {
    "acl",
    "policy",
    "versioning",
    "tagging",
    "lifecycle",
    "encryption",
    "notification",
    "cors",
    "location",
}


def _s3_object(call: Call, uri: str) -> Iterator[Ask]:
    upload = "uploadId" in call.query
    if call.query.keys() & _SUBRESOURCES:
        yield objects(f"s3:{call.method.title()}Object{next(iter(call.query.keys() & _SUBRESOURCES)).title()}", uri)
    elif call.method in ("GET", "HEAD"):
        yield objects("s3:ListMultipartUploadParts" if upload else "s3:GetObject", uri)
    elif call.method == "DELETE":
        yield objects("s3:AbortMultipartUpload" if upload else "s3:DeleteObject", uri)
    else:
        if source := call.headers.get("HTTP_X_AMZ_COPY_SOURCE"):
            yield objects("s3:GetObject", f"s3://{unquote(source).lstrip('/').partition('?')[0]}")
        yield objects("s3:PutObject", uri)


def _glue(call: Call) -> Iterator[Ask]:
    operation, body, region = call.operation, call.json, call.signed.region
    if database := body.get("DatabaseName"):
        name = body.get("TableName") or body.get("Name") or (body.get("TableInput") or {}).get("Name") or "*"
        yield from tables(operation, region, database, name)
    elif operation.endswith("Database"):
        yield from tables(operation, region, body.get("Name") or (body.get("DatabaseInput") or {}).get("Name") or "*")
    else:
        kind = "crawler" if operation.endswith(("Crawler", "CrawlerMetrics")) else "job"
        name = body.get("JobName") or body.get("CrawlerName") or body.get("Name")
        yield Ask(f"glue:{operation}", _arn("glue", region, f"{kind}/{name}") if name else "*")


_IN_THE_WAREHOUSE = (
    *("ExecuteStatement", "BatchExecuteStatement"),
    *("ListDatabases", "ListSchemas", "ListTables", "DescribeTable"),
)
"""Calls of the Data API that log in to the warehouse."""


def _redshift_data(call: Call, statement_owner: Callable[[str], str | None]) -> Iterator[Ask]:
    operation, body = call.operation, call.json
    if operation not in _IN_THE_WAREHOUSE:
        owner = statement_owner(str(body.get("Id", "")))
        yield Ask(f"redshift-data:{operation}", "*", {_OWNER: owner} if owner else {})
        return
    workgroup = _arn("redshift-serverless", call.signed.region, f"workgroup/{body.get('WorkgroupName', '')}")
    yield Ask(f"redshift-data:{operation}", workgroup)
    # How the Data API gets into the database: with the secret that it is given, else as the caller.
    if secret := body.get("SecretArn"):
        yield Ask("secretsmanager:GetSecretValue", secret)
    else:
        yield Ask("redshift-serverless:GetCredentials", workgroup)


_OWNER = "redshift-data:statement-owner-iam-userid"


def _secret(call: Call) -> str:
    name = str(call.json.get("SecretId") or call.json.get("Name") or "*")
    found = secretsmanager_backends[account.ID][call.signed.region].secrets.get(name)
    return str(found.arn) if found is not None else name


def _unescaped(text: bytes) -> str:
    plain = text.decode("utf-8", "replace")
    for escaped, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        plain = plain.replace(escaped, character)
    return plain


def _arn(service: str, region: str, resource: str) -> str:
    return f"arn:aws:{service}:{region}:{account.ID}:{resource}"
