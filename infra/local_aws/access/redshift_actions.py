"""The access requests of calls to `redshift` and `redshift-serverless` that give out logins or describe the warehouse.

Sources: https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-iam-access-control-identity-based.html and
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshift.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .. import account
from .requests import AccessRequest

_GROUP = "DbGroups.DbGroup."
_EVERY = "*"
_KEYS = frozenset({"redshift:dbname", "redshift:dbuser", "redshift:durationseconds", "aws:resourcetag/"})


def of_cluster(operation: str, form: Mapping[str, str], region: str) -> Iterator[AccessRequest]:
    """The access requests of a call to `redshift`.

    Args:
        operation: its name.
        form: its parameters. With `CustomDomainName` the cluster is unknown here, so only a statement on every
            resource allows the call. Drivers then repeat it with the name of the cluster.
        region: of the call.
    """
    cluster = form.get("ClusterIdentifier") or _EVERY
    if operation.startswith("GetClusterCredentials") and cluster == _EVERY:
        yield AccessRequest(f"redshift:{operation}", _EVERY, _keys(form), _KEYS, is_resource_known=False)
    elif operation == "GetClusterCredentials":
        yield from _credentials(form, region, cluster)
    elif operation == "GetClusterCredentialsWithIAM":
        database = _arn(region, "dbname", f"{cluster}/{form.get('DbName') or _EVERY}")
        yield AccessRequest(f"redshift:{operation}", database, _keys(form), _KEYS)
    elif operation == "DescribeClusters":
        yield AccessRequest(f"redshift:{operation}", _arn(region, "cluster", cluster), {}, _KEYS)
    elif operation == "DescribeCustomDomainAssociations":
        yield AccessRequest(f"redshift:{operation}", _EVERY)
    else:
        yield AccessRequest(f"redshift:{operation}", _EVERY, is_resource_known=False)


def _credentials(form: Mapping[str, str], region: str, cluster: str) -> Iterator[AccessRequest]:
    """GetClusterCredentials: for the user and the database, and for a new user and the groups to join."""
    user = _arn(region, "dbuser", f"{cluster}/{form.get('DbUser', '')}")
    keys = _keys(form)
    yield AccessRequest("redshift:GetClusterCredentials", user, keys, _KEYS)
    if database := form.get("DbName"):
        yield AccessRequest(
            "redshift:GetClusterCredentials", _arn(region, "dbname", f"{cluster}/{database}"), keys, _KEYS
        )
    if form.get("AutoCreate", "").lower() == "true":
        yield AccessRequest("redshift:CreateClusterUser", user, _keys({"DbUser": form.get("DbUser", "")}), _KEYS)
    for name, group in form.items():
        if name.startswith(_GROUP):
            yield AccessRequest("redshift:JoinGroup", _arn(region, "dbgroup", f"{cluster}/{group}"), {}, _KEYS)


def _keys(form: Mapping[str, str]) -> dict[str, str]:
    names = {"redshift:DbName": "DbName", "redshift:DbUser": "DbUser", "redshift:DurationSeconds": "DurationSeconds"}
    return {key: form[name] for key, name in names.items() if form.get(name)}


def of_serverless(operation: str, parameters: Mapping[str, Any], region: str) -> Iterator[AccessRequest]:
    """The access requests of a call to `redshift-serverless`. The ARN of a workgroup has its name here, not an id."""
    for kind, name in (("workgroup", "workgroupName"), ("namespace", "namespaceName")):
        if value := parameters.get(name):
            resource = f"arn:aws:redshift-serverless:{region}:{account.ID}:{kind}/{value}"
            yield AccessRequest(f"redshift-serverless:{operation}", resource)
            return
    is_list = operation.startswith("List")
    yield AccessRequest(f"redshift-serverless:{operation}", _EVERY, is_resource_known=is_list)


def _arn(region: str, kind: str, name: str) -> str:
    return f"arn:aws:redshift:{region}:{account.ID}:{kind}:{name}"
