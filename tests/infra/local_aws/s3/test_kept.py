"""What S3 still knows after a restart or a kill: details of objects, versions, and the configuration of buckets."""

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws
from tests.infra.local_aws.conftest import clients_of

BUCKET = "kept"
TOPIC = "arn:aws:sns:us-east-1:123456789012:news"
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
    found = {}
    for name in CONFIGURATIONS:
        identity = {"Id": "weekly"} if name == "inventory_configuration" else {}
        found[name] = told(getattr(s3, f"get_bucket_{name}")(Bucket=BUCKET, **identity))
    found["public"] = told(s3.get_public_access_block(Bucket=BUCKET))
    found["logs"] = told(s3.get_bucket_acl(Bucket="logs"))
    return found


def fill(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"one", Tagging="a=1&b=2", ACL="public-read", ContentType="text/plain")
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"two", StorageClass="GLACIER", Metadata={"who": "me"})
    s3.put_object_acl(Bucket=BUCKET, Key="k", GrantRead='id="abc"')
    s3.put_object_tagging(Bucket=BUCKET, Key="k", Tagging={"TagSet": [{"Key": "c", "Value": "3"}]})
    s3.restore_object(Bucket=BUCKET, Key="k", RestoreRequest={"Days": 1000})
    s3.put_object(Bucket=BUCKET, Key="gone", Body=b"three")
    s3.delete_object(Bucket=BUCKET, Key="gone")


def contents(s3: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"list": told(s3.list_object_versions(Bucket=BUCKET))}
    for entry in found["list"]["Versions"]:
        where = {"Bucket": BUCKET, "Key": entry["Key"], "VersionId": entry["VersionId"]}
        head = told(s3.head_object(**where))
        head.pop("Restore", None)  # ongoing or done
        about = [head, told(s3.get_object_tagging(**where)), told(s3.get_object_acl(**where))]
        found[f"{entry['Key']}@{entry['VersionId']}"] = about
    return found


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_configuration_and_objects_are_there_again(tmp_path: Path, end: str) -> None:
    server = LocalAws(tmp_path, warehouse=False).start()
    s3 = clients_of(server)("s3")
    clients_of(server)("sns").create_topic(Name="news")
    configure(s3)
    fill(s3)
    before = configuration(s3), contents(s3)
    getattr(server, end)()
    with server:
        s3 = clients_of(server)("s3")
        assert (configuration(s3), contents(s3)) == before
        assert "ongoing-request" in s3.head_object(Bucket=BUCKET, Key="k")["Restore"]
        for name in ("policy", "lifecycle", "cors", "tagging", "encryption", "website"):
            getattr(s3, f"delete_bucket_{name}")(Bucket=BUCKET)
    with server:
        s3 = clients_of(server)("s3")
        for name, code in (
            ("policy", "NoSuchBucketPolicy"),
            ("lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        ):
            with pytest.raises(ClientError) as refused:
                getattr(s3, f"get_bucket_{name}")(Bucket=BUCKET)
            assert refused.value.response["Error"]["Code"] == code


def test_what_was_put_is_what_is_answered(s3: Any, bucket: str) -> None:
    asked = CONFIGURATIONS["lifecycle_configuration"]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, **asked)
    answered = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert answered["Rules"] == asked["LifecycleConfiguration"]["Rules"]


def test_a_home_from_before_there_were_versions_is_still_read(tmp_path: Path) -> None:
    folder = tmp_path / "s3" / "old"
    folder.mkdir(parents=True)
    file = folder / "k"
    file.write_text("yesterday")
    status = file.stat()
    with sqlite3.connect(tmp_path / "s3" / ".index.sqlite") as index:
        index.execute(
            "CREATE TABLE objects (bucket TEXT, key TEXT, mtime_ns INTEGER, size INTEGER, inode INTEGER, details TEXT,"
            " PRIMARY KEY (bucket, key)) WITHOUT ROWID"
        )
        index.execute("CREATE TABLE buckets (name TEXT PRIMARY KEY, account TEXT, region TEXT)")
        details = json.dumps({"etag": "abc", "metadata": {"content-type": "text/plain", "x-amz-meta-run": "7"}})
        row = ("old", "k", status.st_mtime_ns, status.st_size, status.st_ino, details)
        index.execute("INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?)", row)
        index.execute("INSERT INTO buckets VALUES ('old', '123456789012', 'us-east-1')")
    index.close()
    with LocalAws(tmp_path, warehouse=False) as server:
        s3 = clients_of(server)("s3")
        head = s3.head_object(Bucket="old", Key="k")
        assert (head["ETag"], head["Metadata"], head["ContentType"]) == ('"abc"', {"run": "7"}, "text/plain")
        s3.put_bucket_versioning(Bucket="old", VersioningConfiguration={"Status": "Enabled"})
        s3.put_object(Bucket="old", Key="k", Body=b"today")
        old = s3.get_object(Bucket="old", Key="k", VersionId="null")
        assert (old["Body"].read(), old["Metadata"]) == (b"yesterday", {"run": "7"})


def test_no_version_that_was_acknowledged_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    server = LocalAws(tmp_path, warehouse=False).start()
    s3 = clients_of(server)("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    acknowledged: dict[str, list[tuple[str, str]]] = {}
    enough = threading.Event()

    def write(key: str) -> None:
        mine = acknowledged[key] = []
        try:
            for number in range(10_000):
                answer = s3.put_object(Bucket=BUCKET, Key=key, Body=f"{key} {number}".encode())
                mine.append((answer["VersionId"], f"{key} {number}"))
                if number % 5 == 4:
                    s3.delete_object(Bucket=BUCKET, Key=key)
                if len(mine) > 30:
                    enough.set()
        except Exception:  # noqa: BLE001  the server is gone
            return

    writers = [threading.Thread(target=write, args=(f"k/{n}",)) for n in range(4)]
    for writer in writers:
        writer.start()
    assert enough.wait(60)
    server.kill()
    for writer in writers:
        writer.join()
    with server:
        s3 = clients_of(server)("s3")
        for key, versions in acknowledged.items():
            for version_id, text in versions:
                assert s3.get_object(Bucket=BUCKET, Key=key, VersionId=version_id)["Body"].read() == text.encode()
            listed = s3.list_object_versions(Bucket=BUCKET, Prefix=key)
            ids = [entry["VersionId"] for entry in listed["Versions"] if entry["VersionId"] in dict(versions)]
            assert ids == [version_id for version_id, _ in reversed(versions)], "newest first"
            latest = [entry for entry in [*listed["Versions"], *listed["DeleteMarkers"]] if entry["IsLatest"]]
            assert len(latest) == 1
