"""What S3 still knows after a restart or a kill: details of objects, versions, and the configuration of buckets."""

import contextlib
import itertools
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from infra.local_aws import LocalAws, account
from infra.local_aws.tests.conftest import clients_of

BUCKET = "kept"
TOPIC = f"arn:aws:sns:us-east-1:{account.ID}:news"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "s3:GetBucketLocation", "Resource": f"arn:aws:s3:::{BUCKET}"}
    ],
}
DESTINATION = {"Bucket": "arn:aws:s3:::copies"}
CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "versioning": {"VersioningConfiguration": {"Status": "Enabled"}},
    "policy": {"Policy": json.dumps(POLICY)},
    "tagging": {"Tagging": {"TagSet": [{"Key": "team", "Value": "data"}]}},
    "cors": {
        "CORSConfiguration": {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://a.example"]}]}
    },
    "encryption": {
        "ServerSideEncryptionConfiguration": {
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "a-key"},
                    "BucketKeyEnabled": True,
                }
            ]
        }
    },
    "lifecycle_configuration": {
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "ID": "old",
                    "Status": "Enabled",
                    "Filter": {
                        "And": {
                            "Prefix": "a/",
                            "Tags": [{"Key": "k", "Value": "v"}],
                            "ObjectSizeGreaterThan": 10,
                            "ObjectSizeLessThan": 99,
                        }
                    },
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 2},
                    "NoncurrentVersionTransitions": [{"NoncurrentDays": 1, "StorageClass": "GLACIER"}],
                    "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}],
                    "Expiration": {"Days": 100},
                },
                {
                    "ID": "rest",
                    "Status": "Disabled",
                    "Filter": {"ObjectSizeGreaterThan": 7},
                    "Expiration": {"ExpiredObjectDeleteMarker": True},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                },
            ]
        }
    },
    "ownership_controls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
    "website": {"WebsiteConfiguration": {"IndexDocument": {"Suffix": "index.html"}}},
    "notification_configuration": {
        "NotificationConfiguration": {
            "TopicConfigurations": [{"Id": "n", "TopicArn": TOPIC, "Events": ["s3:ObjectCreated:Put"]}]
        }
    },
    "accelerate_configuration": {"AccelerateConfiguration": {"Status": "Enabled"}},
    "replication": {
        "ReplicationConfiguration": {
            "Role": "arn:aws:iam::123456789012:role/copier",
            "Rules": [{"ID": "r", "Status": "Enabled", "Priority": 1, "Prefix": "", "Destination": DESTINATION}],
        }
    },
    "acl": {"ACL": "public-read"},
    "inventory_configuration": {
        "Id": "weekly",
        "InventoryConfiguration": {
            "Id": "weekly",
            "IsEnabled": True,
            "Destination": {"S3BucketDestination": {**DESTINATION, "Format": "CSV"}},
            "IncludedObjectVersions": "Current",
            "Schedule": {"Frequency": "Weekly"},
        },
    },
    "logging": {"BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": "kept/"}}},
}
PUBLIC_ACCESS = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": False,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": False,
}


def told(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def configure(s3: Any) -> None:
    s3.create_bucket(Bucket=BUCKET)
    s3.create_bucket(Bucket="logs", ACL="log-delivery-write")
    for name, configuration in CONFIGURATIONS.items():
        getattr(s3, f"put_bucket_{name}")(Bucket=BUCKET, **configuration)
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=PUBLIC_ACCESS)


def configuration(s3: Any) -> dict[str, Any]:
    settings = {}
    for name in CONFIGURATIONS:
        identity = {"Id": "weekly"} if name == "inventory_configuration" else {}
        settings[name] = told(getattr(s3, f"get_bucket_{name}")(Bucket=BUCKET, **identity))
    settings["public"] = told(s3.get_public_access_block(Bucket=BUCKET))
    settings["logs"] = told(s3.get_bucket_acl(Bucket="logs"))
    return settings


def fill(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"one", Tagging="a=1&b=2", ACL="public-read", ContentType="text/plain")
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"two", StorageClass="GLACIER", Metadata={"who": "me"})
    s3.put_object_acl(Bucket=BUCKET, Key="k", GrantRead='id="abc"')
    s3.put_object_tagging(Bucket=BUCKET, Key="k", Tagging={"TagSet": [{"Key": "c", "Value": "3"}]})
    s3.restore_object(Bucket=BUCKET, Key="k", RestoreRequest={"Days": 1000})
    s3.put_object(Bucket=BUCKET, Key="gone", Body=b"three")
    s3.delete_object(Bucket=BUCKET, Key="gone")


def contents(s3: Any) -> dict[str, Any]:
    listings = [told(s3.list_object_versions(Bucket=BUCKET, Prefix=key)) for key in ("k", "gone")]
    snapshot: dict[str, Any] = {"versions": [listing.get("Versions") for listing in listings]}
    snapshot["markers"] = [listing.get("DeleteMarkers") for listing in listings]
    for entry in itertools.chain(*snapshot["versions"]):
        where = {"Bucket": BUCKET, "Key": entry["Key"], "VersionId": entry["VersionId"]}
        head = told(s3.head_object(**where))
        head.pop("Restore", None)  # ongoing or done
        about = [head, told(s3.get_object_tagging(**where)), told(s3.get_object_acl(**where))]
        snapshot[f"{entry['Key']}@{entry['VersionId']}"] = about
    return snapshot


def write_as_yesterday(root: Path) -> None:
    """A bucket with one object, as the local S3 left them before it had versions."""
    file = root / "old" / "k"
    file.parent.mkdir(parents=True)
    file.write_text("yesterday")
    status = file.stat()
    details = json.dumps({"etag": "abc", "metadata": {"content-type": "text/plain", "x-amz-meta-run": "7"}})
    index = sqlite3.connect(root / ".index.sqlite", isolation_level=None)
    index.execute(
        "CREATE TABLE objects (bucket TEXT, key TEXT, mtime_ns INTEGER, size INTEGER, inode INTEGER, details TEXT,"
        " PRIMARY KEY (bucket, key)) WITHOUT ROWID"
    )
    index.execute("CREATE TABLE buckets (name TEXT PRIMARY KEY, account TEXT, region TEXT)")
    row = ("old", "k", status.st_mtime_ns, status.st_size, status.st_ino, details)
    index.execute("INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?)", row)
    index.execute("INSERT INTO buckets VALUES ('old', ?, 'us-east-1')", (account.ID,))
    index.close()


def write_until_killed(server: LocalAws, s3: Any) -> dict[str, list[tuple[str, str]]]:
    """Writes and deletes a few keys from as many threads, and kills the server. Returns what was acknowledged."""
    acknowledged: dict[str, list[tuple[str, str]]] = {f"busy/{n}": [] for n in range(4)}
    enough = threading.Event()

    def write(key: str) -> None:
        with contextlib.suppress(BotoCoreError, ClientError):  # the server is gone
            for number in itertools.count():
                answer = s3.put_object(Bucket=BUCKET, Key=key, Body=f"{key} {number}".encode())
                acknowledged[key].append((answer["VersionId"], f"{key} {number}"))
                if number % 5 == 4:
                    s3.delete_object(Bucket=BUCKET, Key=key)
                if number > 30:
                    enough.set()

    writers = [threading.Thread(target=write, args=(key,)) for key in acknowledged]
    for writer in writers:
        writer.start()
    assert enough.wait(60)
    server.kill()
    for writer in writers:
        writer.join()
    return acknowledged


class Killed(NamedTuple):
    """A server started again, and what its predecessor had said before it was killed."""

    s3: Any
    configuration: dict[str, Any]
    contents: dict[str, Any]
    acknowledged: dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    home = tmp_path_factory.mktemp("killed")
    write_as_yesterday(home / "s3")
    server = LocalAws(home, warehouse=False).start()
    s3 = clients_of(server)("s3")
    clients_of(server)("sns").create_topic(Name="news")
    configure(s3)
    s3.put_bucket_website(Bucket="logs", **CONFIGURATIONS["website"])
    s3.delete_bucket_website(Bucket="logs")
    fill(s3)
    before = configuration(s3), contents(s3)
    acknowledged = write_until_killed(server, s3)
    with server:
        yield Killed(clients_of(server)("s3"), *before, acknowledged)


def test_configurations_of_a_bucket_are_there_again(killed: Killed) -> None:
    assert configuration(killed.s3) == killed.configuration
    with pytest.raises(ClientError, match="NoSuchWebsiteConfiguration"):
        killed.s3.get_bucket_website(Bucket="logs")


def test_versions_are_there_again_with_tags_lists_and_encryption(killed: Killed) -> None:
    assert contents(killed.s3) == killed.contents
    assert "ongoing-request" in killed.s3.head_object(Bucket=BUCKET, Key="k")["Restore"]


def test_no_version_that_was_acknowledged_is_lost(killed: Killed) -> None:
    for key, versions in killed.acknowledged.items():
        for version_id, text in versions:
            answer = killed.s3.get_object(Bucket=BUCKET, Key=key, VersionId=version_id)
            assert answer["Body"].read() == text.encode()
        listed = killed.s3.list_object_versions(Bucket=BUCKET, Prefix=key)
        ids = [entry["VersionId"] for entry in listed["Versions"] if entry["VersionId"] in dict(versions)]
        assert ids == [version_id for version_id, _ in reversed(versions)], "newest first"
        latest = [entry for entry in [*listed["Versions"], *listed["DeleteMarkers"]] if entry["IsLatest"]]
        assert len(latest) == 1


def test_a_home_from_before_there_were_versions_is_still_read(killed: Killed) -> None:
    head = killed.s3.head_object(Bucket="old", Key="k")
    assert (head["ETag"], head["Metadata"], head["ContentType"]) == ('"abc"', {"run": "7"}, "text/plain")
    killed.s3.put_bucket_versioning(Bucket="old", VersioningConfiguration={"Status": "Enabled"})
    killed.s3.put_object(Bucket="old", Key="k", Body=b"today")
    old = killed.s3.get_object(Bucket="old", Key="k", VersionId="null")
    assert (old["Body"].read(), old["Metadata"]) == (b"yesterday", {"run": "7"})


def test_what_was_put_is_what_is_answered(s3: Any, bucket: str) -> None:
    request = CONFIGURATIONS["lifecycle_configuration"]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, **request)
    answered = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert answered["Rules"] == request["LifecycleConfiguration"]["Rules"]
