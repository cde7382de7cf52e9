"""Turns a call into IAM's questions: actions, resources, and condition keys.

These are facts of the services (https://docs.aws.amazon.com/service-authorization/latest/reference/). If an operation
is not listed here, its resource is unknown, and only a statement on every resource allows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from moto.secretsmanager.models import secretsmanager_backends

from .. import account
from . import redshift_actions, s3_actions
from .callers import Signature, role_of
from .requests import AccessRequest

_SERVICES = {"monitoring": "cloudwatch"}
"""Names in a credential scope that differ from IAM's prefix of the service."""
_KEYS_OF_DELETE = re.compile(rb"<Key>(.*?)</Key>", re.DOTALL)


KEYS_OF_STS = frozenset(
    {"sts:externalid", "sts:rolesessionname", "sts:sourceidentity", "aws:requesttag/", "aws:tagkeys"}
)
"""Keys of `sts:AssumeRole` that are absent unless the call has them."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as far as IAM needs it."""

    signed: Signature | None
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def region(self) -> str:
        """The region in the request's signature."""
        return self.signed.region if self.signed is not None else "us-east-1"

    @property
    def keys(self) -> dict[str, str]:
        """The condition keys that every request has, or that only depend on its headers."""
        condition_keys = {
            "aws:SecureTransport": "true" if self.headers.get("wsgi.url_scheme") == "https" else "false",
            "aws:SourceIp": self.headers.get("REMOTE_ADDR", "127.0.0.1"),
            "aws:RequestedRegion": self.region,
        }
        for key, header in (("aws:UserAgent", "HTTP_USER_AGENT"), ("aws:Referer", "HTTP_REFERER")):
            if value := self.headers.get(header):
                condition_keys[key] = value
        return condition_keys

    @property
    def operation(self) -> str:
        """The operation's name, for services that send it in a header or as a form field."""
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
        """The fields of a JSON body."""
        try:
            fields = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return fields if isinstance(fields, dict) else {}


def access_requests(call: Call, statement_owner: Callable[[str], str | None]) -> list[AccessRequest]:
    """The access requests of a call. The caller needs all of them.

    Args:
        call: the call.
        statement_owner: returns the user id of the submitter of a Data API statement, by the statement's id.
    """
    if call.signed is None or call.signed.service == "s3":
        return list(_s3(call))
    service = _SERVICES.get(call.signed.service, call.signed.service)
    requests: list[AccessRequest]
    if service == "glue":
        requests = list(_glue(call))
    elif service == "redshift-data":
        requests = list(_redshift_data(call, statement_owner))
    elif service == "redshift":
        requests = list(redshift_actions.of_cluster(call.operation, call.form, call.region))
    elif service == "redshift-serverless":
        requests = list(redshift_actions.of_serverless(call.operation, call.json, call.region))
    elif service == "secretsmanager":
        requests = [AccessRequest(f"{service}:{call.operation}", _secret(call))]
    elif service == "sns":
        topic = call.form.get("TopicArn")
        requests = [AccessRequest(f"{service}:{call.operation}", topic or "*", is_resource_known=topic is not None)]
    elif service == "cloudwatch":
        context = {"cloudwatch:namespace": str(call.json.get("Namespace") or call.form.get("Namespace", ""))}
        requests = [AccessRequest(f"{service}:{call.operation}", "*", context)]
    else:
        resource = _role_arn(call) if service == "iam" else None
        requests = [
            AccessRequest(f"{service}:{call.operation}", resource or "*", is_resource_known=resource is not None)
        ]
    return requests


def objects(
    action: str,
    uri: str,
    keys: Mapping[str, str | tuple[str, ...]] | None = None,
    absent_keys: frozenset[str] = frozenset(),
) -> AccessRequest:
    """An action on an object, by its `s3://` URI."""
    return AccessRequest(action, f"arn:aws:s3:::{uri.partition('://')[2]}", keys or {}, absent_keys)


def listing(bucket: str, prefix: str) -> AccessRequest:
    """Listing a bucket under a prefix."""
    return AccessRequest("s3:ListBucket", f"arn:aws:s3:::{bucket}", {"s3:prefix": prefix})


def tables(operation: str, region: str, database: str, *names: str) -> Iterator[AccessRequest]:
    """A catalog operation: on the catalog, on the database, and on tables in it (`*`: on all)."""
    for resource in ("catalog", f"database/{database}", *(f"table/{database}/{name}" for name in names)):
        yield AccessRequest(f"glue:{operation}", _arn("glue", region, resource))


def log_writing(region: str, group: str, stream: str) -> Iterator[AccessRequest]:
    """Writing to a stream of CloudWatch Logs by a service that creates group and stream itself."""
    for action in ("CreateLogGroup", "CreateLogStream", "PutLogEvents"):
        yield AccessRequest(f"logs:{action}", _arn("logs", region, f"log-group:{group}:log-stream:{stream}"))


def _s3(call: Call) -> Iterator[AccessRequest]:
    bucket, _, key = call.path.lstrip("/").partition("/")
    keys = s3_actions.keys(call.query, call.headers)
    if not bucket:
        yield AccessRequest("s3:ListAllMyBuckets", "*", keys, s3_actions.KEYS)
    elif call.method == "POST" and "delete" in call.query:
        for key_text in _KEYS_OF_DELETE.findall(call.body):
            yield objects("s3:DeleteObject", f"s3://{bucket}/{_unescaped(key_text)}", keys, s3_actions.KEYS)
    elif key:
        if source := call.headers.get("HTTP_X_AMZ_COPY_SOURCE"):
            source_uri = f"s3://{unquote(source).lstrip('/').partition('?')[0]}"
            yield objects("s3:GetObject", source_uri, keys, s3_actions.KEYS)
        for action in s3_actions.of_object(call.method, call.query, call.headers):
            yield objects(action, f"s3://{bucket}/{key}", keys, s3_actions.KEYS)
    else:
        action = s3_actions.of_bucket(call.method, call.query)
        yield AccessRequest(action, f"arn:aws:s3:::{bucket}", keys, s3_actions.KEYS)


def _glue(call: Call) -> Iterator[AccessRequest]:
    operation = call.operation
    body = call.json
    region = call.region
    if database := body.get("DatabaseName"):
        name = body.get("TableName") or body.get("Name") or (body.get("TableInput") or {}).get("Name") or "*"
        yield from tables(operation, region, database, name)
    elif operation.endswith("Database"):
        yield from tables(operation, region, body.get("Name") or (body.get("DatabaseInput") or {}).get("Name") or "*")
    else:
        kind = "crawler" if operation.endswith(("Crawler", "CrawlerMetrics")) else "job"
        name = body.get("JobName") or body.get("CrawlerName") or body.get("Name")
        arn = _arn("glue", region, f"{kind}/{name}") if name else "*"
        yield AccessRequest(f"glue:{operation}", arn, is_resource_known=bool(name))


_IN_THE_WAREHOUSE = (
    *("ExecuteStatement", "BatchExecuteStatement"),
    *("ListDatabases", "ListSchemas", "ListTables", "DescribeTable"),
)
"""Calls of the Data API that log in to the warehouse."""


def _redshift_data(call: Call, statement_owner: Callable[[str], str | None]) -> Iterator[AccessRequest]:
    operation = call.operation
    body = call.json
    if operation not in _IN_THE_WAREHOUSE:
        owner = statement_owner(str(body.get("Id", "")))
        yield AccessRequest(f"redshift-data:{operation}", "*", {_OWNER: owner} if owner else {})
        return
    workgroup = _arn("redshift-serverless", call.region, f"workgroup/{body.get('WorkgroupName', '')}")
    yield AccessRequest(f"redshift-data:{operation}", workgroup)
    # How the Data API logs in to the database: with the secret in the call, else as the caller.
    if secret := body.get("SecretArn"):
        yield AccessRequest("secretsmanager:GetSecretValue", secret)
    else:
        yield AccessRequest("redshift-serverless:GetCredentials", workgroup)


_OWNER = "redshift-data:statement-owner-iam-userid"


def _secret(call: Call) -> str:
    name = str(call.json.get("SecretId") or call.json.get("Name") or "*")
    secret = secretsmanager_backends[account.ID][call.region].secrets.get(name)
    return str(secret.arn) if secret is not None else name


def _role_arn(call: Call) -> str | None:
    """The role that an IAM call is about, if it exists."""
    role = role_of(call.form["RoleName"]) if "RoleName" in call.form else None
    return role.arn if role is not None else None


def _unescaped(text: bytes) -> str:
    plain = text.decode("utf-8", "replace")
    for escaped, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        plain = plain.replace(escaped, character)
    return plain


def _arn(service: str, region: str, resource: str) -> str:
    return f"arn:aws:{service}:{region}:{account.ID}:{resource}"
