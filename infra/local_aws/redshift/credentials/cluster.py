"""The operations of `redshift` that give out logins, and the warehouse as a cluster.

Sources: https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html,
API_GetClusterCredentialsWithIAM.html, API_DescribeClusters.html and API_DescribeCustomDomainAssociations.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.redshift.exceptions import ClusterNotFoundError, InvalidParameterValueError, RedshiftClientError
from moto.redshift.models import Cluster
from moto.redshift.responses import RedshiftResponse

from ... import account
from .identity import DATABASE, DEFAULT_SECONDS, DURATIONS, USER, Endpoint, host_of
from .store import Login

_MOST_CHARACTERS = 64
_USER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+.@-]*")
_RESERVED = "public"


class _InvalidParameters(RedshiftClientError):
    def __init__(self, message: str) -> None:
        super().__init__("InvalidParameterCombination", message)


class _DomainNotFound(RedshiftClientError):
    def __init__(self, domain: str) -> None:
        super().__init__("CustomDomainAssociationNotFoundFault", f"Custom domain association {domain} was not found.")


class _Located:
    """A cluster that moto records, with the endpoint of the warehouse."""

    def __init__(self, cluster: Cluster, endpoint: dict[str, Any]) -> None:
        self._cluster = cluster
        self.endpoint = endpoint

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cluster, name)


def get_cluster_credentials(self: RedshiftResponse, endpoint: Endpoint) -> ActionResult:
    """GetClusterCredentials: a password for a user that the caller names."""
    _require_cluster(self, endpoint)
    user = str(self._get_param("DbUser") or "")
    _require_user_name(user)
    creates_user = self._get_bool_param("AutoCreate", False)
    groups = [str(group).lower() for group in self._get_param("DbGroups") or []]
    prefix = "IAMA" if creates_user else "IAM"
    login = Login(f"{prefix}:{user}", user.lower(), _database(self), creates_user, groups)
    password = endpoint.store.issue(login, _seconds(self))
    return ActionResult({"DbUser": login.name, "DbPassword": password.text, "Expiration": password.expires_at})


def get_cluster_credentials_with_iam(self: RedshiftResponse, endpoint: Endpoint) -> ActionResult:
    """GetClusterCredentialsWithIAM: a password for the caller's own user."""
    _require_cluster(self, endpoint)
    sender = endpoint.senders(self.headers.get("Authorization", ""))
    name, password = endpoint.issue_to(sender, _database(self), _seconds(self))
    return ActionResult(
        {
            "DbUser": name,
            "DbPassword": password.text,
            "Expiration": password.expires_at,
            "NextRefreshTime": password.expires_at,
        }
    )


def describe_clusters(self: RedshiftResponse, endpoint: Endpoint) -> ActionResult:
    """DescribeClusters: moto's records and the warehouse, all at the address of the warehouse."""
    identifier = self._get_param("ClusterIdentifier")
    tags = self._get_param("TagKeys") or self._get_param("TagValues")
    recorded = self.redshift_backend.clusters
    address = {"Address": host_of(self.headers.get("Host")), "Port": endpoint.port()}
    if identifier and identifier not in recorded:
        if not endpoint.has(identifier):
            raise ClusterNotFoundError(identifier)
        return ActionResult({"Clusters": [_warehouse(identifier, self.region, address)]})
    clusters: list[Any] = [
        _Located(cluster, address)
        for cluster in self.redshift_backend.describe_clusters(identifier, self._get_param("TagKeys"))
    ]
    if not identifier and not tags and endpoint.own_name not in recorded:
        clusters.append(_warehouse(endpoint.own_name, self.region, address))
    return ActionResult({"Clusters": clusters})


def describe_custom_domain_associations(self: RedshiftResponse, endpoint: Endpoint) -> ActionResult:
    """DescribeCustomDomainAssociations: drivers ask it for the cluster behind a host that is not Amazon's."""
    own_host = host_of(self.headers.get("Host"))
    domain = self._get_param("CustomDomainName")
    if domain not in (None, own_host, "localhost", "127.0.0.1"):
        raise _DomainNotFound(domain)
    association = {"CustomDomainName": domain or own_host, "ClusterIdentifier": endpoint.own_name}
    return ActionResult({"Associations": [{"CertificateAssociations": [association]}]})


def _require_cluster(self: RedshiftResponse, endpoint: Endpoint) -> None:
    identifier = self._get_param("ClusterIdentifier")
    if bool(identifier) == bool(self._get_param("CustomDomainName")):
        raise _InvalidParameters("Exactly one of ClusterIdentifier and CustomDomainName is required.")
    if identifier and not endpoint.has(identifier) and identifier not in self.redshift_backend.clusters:
        raise ClusterNotFoundError(identifier)


def _require_user_name(user: str) -> None:
    is_long = len(user) > _MOST_CHARACTERS
    if is_long or not _USER_NAME.fullmatch(user) or user.lower() == _RESERVED:
        raise InvalidParameterValueError(f"The parameter DbUser is not valid: {user}")


def _database(self: RedshiftResponse) -> str | None:
    return self._get_param("DbName") or None


def _seconds(self: RedshiftResponse) -> int:
    seconds = int(self._get_int_param("DurationSeconds", DEFAULT_SECONDS))
    if seconds not in DURATIONS:
        raise InvalidParameterValueError("Token duration must be between 900 and 3600 seconds")
    return seconds


def _warehouse(identifier: str, region: str, address: dict[str, Any]) -> dict[str, Any]:
    """The warehouse, as a cluster of one node."""
    return {
        "ClusterIdentifier": identifier,
        "NodeType": "ra3.xlplus",
        "ClusterStatus": "available",
        "ClusterAvailabilityStatus": "Available",
        "MasterUsername": USER,
        "DBName": DATABASE,
        "Endpoint": address,
        "ClusterCreateTime": datetime(2024, 1, 1, tzinfo=UTC),
        "ClusterSecurityGroups": [],
        "VpcSecurityGroups": [],
        "ClusterParameterGroups": [],
        "AvailabilityZone": f"{region}a",
        "ClusterVersion": "1.0",
        "AllowVersionUpgrade": True,
        "NumberOfNodes": 1,
        "PubliclyAccessible": False,
        "Encrypted": False,
        "Tags": [],
        "IamRoles": [],
        "ClusterNamespaceArn": f"arn:aws:redshift:{region}:{account.ID}:namespace:{identifier}",
    }
