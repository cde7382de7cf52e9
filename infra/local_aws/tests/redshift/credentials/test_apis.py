"""AWS's APIs for logins, as boto3 sees them: shapes, errors, permissions, and whose session a password opens."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
import psycopg
import pytest
import redshift_connector
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws, account
from infra.local_aws.tests.conftest import Client, clients_of
from infra.local_aws.tests.redshift.conftest import DataApi
from infra.local_aws.tests.test_access import allow, as_role, make_role, refusal

REDSHIFT = f"arn:aws:redshift:us-east-1:{account.ID}"
SERVERLESS = f"arn:aws:redshift-serverless:us-east-1:{account.ID}"
CLUSTER = {"ClusterIdentifier": "tickets"}


@pytest.fixture(scope="module")
def warehouse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server whose only warehouse has a name."""
    with LocalAws(tmp_path_factory.mktemp("aws"), workgroup="tickets") as server:
        yield server


@pytest.fixture
def aws(warehouse_server: LocalAws) -> Client:
    return clients_of(warehouse_server)


@pytest.fixture
def role(warehouse_server: LocalAws, aws: Client) -> Callable[..., Client]:
    """Makes clients of a new role with these statements."""
    return lambda *statements: as_role(warehouse_server, aws, make_role(aws, *statements))


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])


def is_in(moment: datetime, seconds: int) -> bool:
    return abs(moment - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(seconds=60)


def test_the_name_tells_whether_the_user_is_created(aws: Client) -> None:
    redshift = aws("redshift")
    plain = redshift.get_cluster_credentials(DbUser="alice", **CLUSTER)
    creating = redshift.get_cluster_credentials(DbUser="alice", AutoCreate=True, DurationSeconds=3600, **CLUSTER)
    assert (plain["DbUser"], creating["DbUser"]) == ("IAM:alice", "IAMA:alice")
    assert plain["DbPassword"] != creating["DbPassword"]
    assert len(plain["DbPassword"]) >= 32
    assert is_in(plain["Expiration"], 900)
    assert is_in(creating["Expiration"], 3600)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"DbUser": "alice", "DurationSeconds": 899}, "InvalidParameterValue"),
        ({"DbUser": "alice", "DurationSeconds": 3601}, "InvalidParameterValue"),
        ({"DbUser": "al:ice"}, "InvalidParameterValue"),
        ({"DbUser": "PUBLIC"}, "InvalidParameterValue"),
        ({"DbUser": "a" * 65}, "InvalidParameterValue"),
        ({"DbUser": "alice", "CustomDomainName": "localhost"}, "InvalidParameterCombination"),
    ],
)
def test_wrong_parameters_are_refused(aws: Client, parameters: dict[str, Any], expected: str) -> None:
    assert code(lambda: aws("redshift").get_cluster_credentials(**CLUSTER, **parameters)) == expected


def test_an_identity_gets_a_password_for_its_own_user(aws: Client, role: Callable[..., Client]) -> None:
    mine = role(allow(["redshift:*", "redshift-serverless:*"]))
    name = mine("sts").get_caller_identity()["Arn"].split("/")[1]
    cluster = mine("redshift").get_cluster_credentials_with_iam(DbName="dev", DurationSeconds=1800, **CLUSTER)
    serverless = mine("redshift-serverless").get_credentials(dbName="dev", workgroupName="tickets")
    assert cluster["DbUser"] == serverless["dbUser"] == f"IAMR:{name}"
    assert is_in(cluster["Expiration"], 1800)
    assert is_in(serverless["expiration"], 900)
    assert cluster["NextRefreshTime"] <= cluster["Expiration"]
    assert serverless["nextRefreshTime"] <= serverless["expiration"]
    assert aws("redshift").get_cluster_credentials_with_iam(**CLUSTER)["DbUser"] == "IAM:awsuser"


def test_the_endpoint_is_the_warehouses(warehouse_server: LocalAws, aws: Client) -> None:
    port = urlsplit(warehouse_server.warehouse_dsn).port
    cluster = aws("redshift").describe_clusters(**CLUSTER)["Clusters"][0]
    assert cluster["Endpoint"] == {"Address": "127.0.0.1", "Port": port}
    assert (cluster["ClusterIdentifier"], cluster["ClusterStatus"]) == ("tickets", "available")
    assert (cluster["MasterUsername"], cluster["DBName"]) == ("awsuser", "dev")
    workgroup = aws("redshift-serverless").get_workgroup(workgroupName="tickets")["workgroup"]
    assert (workgroup["endpoint"]["address"], workgroup["endpoint"]["port"]) == ("127.0.0.1", port)
    assert workgroup["status"] == "AVAILABLE"
    namespace = aws("redshift-serverless").get_namespace(namespaceName=workgroup["namespaceName"])["namespace"]
    assert (namespace["dbName"], namespace["adminUsername"]) == ("dev", "awsuser")


def test_a_cluster_that_was_created_is_the_warehouse(aws: Client) -> None:
    redshift, name = aws("redshift"), f"c-{uuid.uuid4().hex[:8]}"
    redshift.create_cluster(ClusterIdentifier=name, NodeType="ra3.xlplus", MasterUsername="awsuser")
    (cluster,) = redshift.describe_clusters(ClusterIdentifier=name)["Clusters"]
    assert cluster["NodeType"] == "ra3.xlplus"
    assert cluster["Endpoint"] == redshift.describe_clusters(**CLUSTER)["Clusters"][0]["Endpoint"]
    assert name in [cluster["ClusterIdentifier"] for cluster in redshift.describe_clusters()["Clusters"]]


def test_a_driver_finds_the_cluster_behind_localhost(aws: Client) -> None:
    redshift = aws("redshift")
    (association,) = redshift.describe_custom_domain_associations(CustomDomainName="localhost")["Associations"]
    (certificate,) = association["CertificateAssociations"]
    assert certificate["CustomDomainName"] == "localhost"
    assert redshift.describe_clusters(ClusterIdentifier=certificate["ClusterIdentifier"])["Clusters"]
    assert redshift.get_cluster_credentials(DbUser="alice", CustomDomainName="localhost")["DbUser"] == "IAM:alice"
    call = redshift.describe_custom_domain_associations
    assert code(lambda: call(CustomDomainName="dwh.example.org")) == "CustomDomainAssociationNotFoundFault"


def test_the_only_warehouse_has_a_name(aws: Client) -> None:
    redshift, serverless = aws("redshift"), aws("redshift-serverless")
    names = [workgroup["workgroupName"] for workgroup in serverless.list_workgroups()["workgroups"]]
    names += [namespace["namespaceName"] for namespace in serverless.list_namespaces()["namespaces"]]
    assert names == ["tickets"] * 2
    assert "tickets" in [cluster["ClusterIdentifier"] for cluster in redshift.describe_clusters()["Clusters"]]
    missing = "ResourceNotFoundException"
    assert code(lambda: redshift.describe_clusters(ClusterIdentifier="other")) == "ClusterNotFound"
    credentials = redshift.get_cluster_credentials
    assert code(lambda: credentials(DbUser="alice", ClusterIdentifier="other")) == "ClusterNotFound"
    assert code(lambda: serverless.get_credentials(workgroupName="other")) == missing
    assert code(lambda: serverless.get_workgroup(workgroupName="other")) == missing
    assert code(lambda: serverless.get_namespace(namespaceName="other")) == missing
    assert (
        code(lambda: serverless.get_credentials(workgroupName="tickets", durationSeconds=60)) == "ValidationException"
    )
    assert code(serverless.list_usage_limits) == "NotImplemented"


# -- permissions


def test_a_role_needs_the_user_and_the_database(role: Callable[..., Client]) -> None:
    resources = [f"{REDSHIFT}:dbuser:tickets/analyst", f"{REDSHIFT}:dbname:tickets/dev"]
    redshift = role(allow("redshift:GetClusterCredentials", resources))("redshift")
    credentials = redshift.get_cluster_credentials

    assert credentials(DbUser="analyst", DbName="dev", **CLUSTER)["DbUser"] == "IAM:analyst"
    assert credentials(DbUser="analyst", **CLUSTER)["DbUser"] == "IAM:analyst"
    assert refusal(lambda: credentials(DbUser="awsuser", DbName="dev", **CLUSTER)) == "AccessDenied"
    assert refusal(lambda: credentials(DbUser="analyst", DbName="other", **CLUSTER)) == "AccessDenied"
    assert refusal(lambda: credentials(DbUser="analyst", ClusterIdentifier="other")) == "AccessDenied"
    assert refusal(lambda: credentials(DbUser="analyst", CustomDomainName="localhost")) == "AccessDenied"
    assert refusal(lambda: credentials(DbUser="analyst", AutoCreate=True, **CLUSTER)) == "AccessDenied"
    assert refusal(lambda: credentials(DbUser="analyst", DbGroups=["g"], **CLUSTER)) == "AccessDenied"
    assert refusal(lambda: redshift.get_cluster_credentials_with_iam(DbName="dev", **CLUSTER)) == "AccessDenied"
    assert refusal(lambda: redshift.describe_clusters(**CLUSTER)) == "AccessDenied"


def test_creating_users_and_joining_groups_are_permissions_of_their_own(role: Callable[..., Client]) -> None:
    user, group = f"{REDSHIFT}:dbuser:tickets/*", f"{REDSHIFT}:dbgroup:tickets/readers"
    redshift = role(
        allow(["redshift:GetClusterCredentials", "redshift:CreateClusterUser"], user),
        allow("redshift:JoinGroup", group),
        allow("redshift:DescribeClusters", f"{REDSHIFT}:cluster:tickets"),
    )("redshift")
    credentials = redshift.get_cluster_credentials

    assert credentials(DbUser="new", AutoCreate=True, DbGroups=["readers"], **CLUSTER)["DbUser"] == "IAMA:new"
    assert refusal(lambda: credentials(DbUser="new", DbGroups=["readers", "writers"], **CLUSTER)) == "AccessDenied"
    assert redshift.describe_clusters(**CLUSTER)["Clusters"]
    assert refusal(redshift.describe_clusters) == "AccessDenied"


def test_a_condition_limits_how_long_a_password_lasts(role: Callable[..., Client]) -> None:
    short = {"NumericLessThanEquals": {"redshift:DurationSeconds": "900"}}
    redshift = role(allow("redshift:GetClusterCredentials", Condition=short))("redshift")
    assert redshift.get_cluster_credentials(DbUser="a", DurationSeconds=900, **CLUSTER)["DbUser"] == "IAM:a"
    too_long = {"DbUser": "a", "DurationSeconds": 901, **CLUSTER}
    assert refusal(lambda: redshift.get_cluster_credentials(**too_long)) == "AccessDenied"


def test_serverless_permissions_name_the_workgroup(role: Callable[..., Client]) -> None:
    reads = ["redshift-serverless:GetCredentials", "redshift-serverless:GetWorkgroup"]
    serverless = role(allow(reads, f"{SERVERLESS}:workgroup/tickets"))("redshift-serverless")
    assert serverless.get_credentials(workgroupName="tickets")["dbUser"].startswith("IAMR:role-")
    assert serverless.get_workgroup(workgroupName="tickets")["workgroup"]["workgroupName"] == "tickets"
    denied = "AccessDeniedException"
    assert refusal(lambda: serverless.get_credentials(workgroupName="other")) == denied
    assert refusal(lambda: serverless.get_credentials(customDomainName="local.host")) == denied
    assert refusal(serverless.list_workgroups) == denied


# -- logging in


@pytest.fixture
def port(warehouse_server: LocalAws) -> int:
    return urlsplit(warehouse_server.warehouse_dsn).port or 0


def open_as(port: int, user: str, password: str, database: str = "dev") -> psycopg.Connection:
    return psycopg.connect(host="127.0.0.1", port=port, user=user, password=password, dbname=database, autocommit=True)


def test_a_password_opens_a_session_of_its_user_and_no_other(aws: Client, port: int) -> None:
    name = f"u_{uuid.uuid4().hex[:12]}"
    credentials = aws("redshift").get_cluster_credentials(DbUser=name, DbName="dev", AutoCreate=True, **CLUSTER)
    with open_as(port, credentials["DbUser"], credentials["DbPassword"]) as session:
        assert session.execute("SELECT CURRENT_USER, SESSION_USER").fetchone() == (name, name)
    for user, password in (
        ("IAM:awsuser", credentials["DbPassword"]),
        ("awsuser", credentials["DbPassword"]),
        (name, credentials["DbPassword"]),
        (credentials["DbUser"], credentials["DbPassword"] + "x"),
    ):
        with pytest.raises(psycopg.OperationalError, match=f'password authentication failed for user "{user}"'):
            open_as(port, user, password)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("way", ["cluster", "identity", "serverless", "custom domain"])
def test_redshifts_own_driver_logs_in(
    warehouse_server: LocalAws, port: int, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(warehouse_server.state_dir / "warehouse-ca.pem"))
    by_iam: dict[str, Any] = {
        "iam": True, "database": "dev", "region": "us-east-1", "endpoint_url": warehouse_server.url,
        "access_key_id": "local", "secret_access_key": "local", "iam_disable_cache": True,
    }  # fmt: skip
    arguments: dict[str, dict[str, Any]] = {
        "cluster": {"cluster_identifier": "tickets", "db_user": "awsuser"},
        "identity": {"cluster_identifier": "tickets", "group_federation": True},
        "serverless": {"is_serverless": True, "serverless_work_group": "tickets"},
        "custom domain": {"host": "localhost", "port": port, "db_user": "awsuser"},
    }
    with redshift_connector.connect(**by_iam, **arguments[way]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_USER")
        assert list(cursor.fetchone()) == ["awsuser"]


def test_a_user_of_iam_runs_statements_as_itself(warehouse_server: LocalAws, aws: Client) -> None:
    name = f"user-{uuid.uuid4().hex[:8]}"
    aws("iam").create_user(UserName=name)
    key = aws("iam").create_access_key(UserName=name)["AccessKey"]
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow(["redshift-data:*", "redshift-serverless:*"])]})
    aws("iam").put_user_policy(UserName=name, PolicyName="sql", PolicyDocument=document)
    own = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
    api = DataApi(warehouse_server.url, "tickets")
    api.client = own.client("redshift-data", endpoint_url=warehouse_server.url)
    assert api.rows("SELECT CURRENT_USER") == [(f"iam:{name}",)]
    serverless = own.client("redshift-serverless", endpoint_url=warehouse_server.url)
    assert serverless.get_credentials(workgroupName="tickets")["dbUser"] == f"IAM:{name}"
