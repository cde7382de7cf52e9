"""Unsupported calls and settings are refused with a message, and the supported ones next to them work."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import requests
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws, account
from infra.local_aws.claims import SERVICES, Refusal, conditions
from infra.local_aws.tests.conftest import Client, clients_of, eventually

ROLE = "arn:aws:iam::123456789012:role/none"
_PIPE = {"Name": "p", "Source": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": ROLE}
_TEXT = {"Document": {"S3Object": {"Bucket": "bucket", "Name": "n"}}}

REFUSED: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "a query of Athena": ("athena", "start_query_execution", {"QueryString": "select 1"}, "would have no rows"),
    "a statement of Aurora": (
        "rds-data", "execute_statement", {"resourceArn": ROLE, "secretArn": ROLE, "sql": "select 1"},
        "No database runs",
    ),
    "a delivery stream fed by Kinesis": (
        "firehose", "create_delivery_stream",
        {"DeliveryStreamName": "fed", "DeliveryStreamType": "KinesisStreamAsSource"}, "anything from a Kinesis stream",
    ),
    "a delivery stream to Redshift": (
        "firehose", "create_delivery_stream",
        {"DeliveryStreamName": "lost", "RedshiftDestinationConfiguration": {
            "RoleARN": ROLE, "ClusterJDBCURL": "jdbc:redshift://host:5439/dev", "CopyCommand": {"DataTableName": "t"},
            "Username": "u", "Password": "not-a-secret",
            "S3Configuration": {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::b"},
        }}, "would be lost",
    ),
    "a run of a workflow of Glue": ("glue", "start_workflow_run", {"Name": "w"}, "would not start"),
    "a task of ECS": ("ecs", "run_task", {"taskDefinition": "t"}, "No cluster runs"),
    "a step of EMR": ("emr", "add_job_flow_steps", {"JobFlowId": "j", "Steps": []}, "No cluster runs"),
    "a job of EMR Serverless": (
        "emr-serverless", "start_job_run", {"applicationId": "a", "executionRoleArn": ROLE, "clientToken": "c"},
        "No cluster runs",
    ),
    "a model's answer": ("bedrock-runtime", "invoke_model", {"modelId": "m", "body": b"{}"}, "made up"),
    "a guess about a text": ("comprehend", "detect_sentiment", {"Text": "t", "LanguageCode": "en"}, "made up"),
    "a text in a picture": ("textract", "detect_document_text", _TEXT, "made up"),
    "a command on an instance": ("ssm", "send_command", {"DocumentName": "d"}, "No instance runs"),
    "a running pipe": ("pipes", "create_pipe", {**_PIPE, "Target": _PIPE["Source"]}, "STOPPED"),
    "an export of a database": (
        "rds", "start_export_task",
        {"ExportTaskIdentifier": "e", "SourceArn": ROLE, "S3BucketName": "b", "IamRoleArn": ROLE, "KmsKeyId": "k"},
        "no data",
    ),
    "a message to a broker": ("iot-data", "publish", {"topic": "t"}, "No MQTT broker"),
}  # fmt: skip


@pytest.mark.parametrize("work", REFUSED)
def test_work_that_nobody_would_do_is_refused_with_the_reason(client: Client, work: str) -> None:
    service, operation, parameters, reason = REFUSED[work]
    with pytest.raises(ClientError) as caught:
        getattr(client(service), operation)(**parameters)
    response = caught.value.response
    assert response["Error"]["Code"] == "NotImplemented"
    assert response["Error"]["Message"].startswith("The local AWS does not support ")
    assert reason in response["Error"]["Message"]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert response["ResponseMetadata"]["RetryAttempts"] == 0


def test_a_refused_query_leaves_no_trace(client: Client) -> None:
    athena = client("athena")
    with pytest.raises(ClientError):
        athena.start_query_execution(QueryString="select 1")
    assert athena.list_query_executions()["QueryExecutionIds"] == []


def test_a_query_whose_result_was_queued_is_answered(server: LocalAws, client: Client) -> None:
    rows = [{"Data": [{"VarCharValue": "42"}]}]
    results = [{"rows": rows, "column_info": []}]
    queued = {"results": results, "account_id": account.ID, "region": "us-east-1"}
    posted = requests.post(f"{server.url}/moto-api/static/athena/query-results", json=queued, timeout=30)
    assert posted.status_code == 201
    athena = client("athena")
    query = athena.start_query_execution(QueryString="select 42")["QueryExecutionId"]
    assert athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"] == rows


def test_what_is_put_into_a_delivery_stream_is_in_s3(client: Client, s3: Any, bucket: str) -> None:
    name, destination = f"s-{uuid.uuid4().hex[:8]}", {"RoleARN": ROLE, "BucketARN": f"arn:aws:s3:::{bucket}"}
    firehose = client("firehose")
    firehose.create_delivery_stream(DeliveryStreamName=name, ExtendedS3DestinationConfiguration=destination)
    firehose.put_record_batch(DeliveryStreamName=name, Records=[{"Data": b"one\n"}, {"Data": b"two\n"}])
    (delivered,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert s3.get_object(Bucket=bucket, Key=delivered["Key"])["Body"].read() == b"one\ntwo\n"


def test_a_pipe_that_stands_still_is_recorded(client: Client) -> None:
    pipes = client("pipes")
    pipes.create_pipe(**{**_PIPE, "Name": "still"}, Target=_PIPE["Source"], DesiredState="STOPPED")
    assert pipes.describe_pipe(Name="still")["DesiredState"] == "STOPPED"


def test_a_state_machine_is_executed(client: Client) -> None:
    queue = client("sqs").create_queue(QueueName=f"q-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    send = {"QueueUrl": queue, "MessageBody.$": "States.Format('{} seats', $.seats)"}
    choice = {"Variable": "$.seats", "NumericGreaterThan": 0, "Next": "Send"}
    definition = {
        "StartAt": "Any",
        "States": {
            "Any": {"Type": "Choice", "Choices": [choice], "Default": "None"},
            "Send": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": send, "End": True},
            "None": {"Type": "Fail", "Error": "SoldOut"},
        },
    }
    states = client("stepfunctions")
    machine = states.create_state_machine(
        name=f"m-{uuid.uuid4().hex[:8]}", definition=json.dumps(definition), roleArn=ROLE
    )["stateMachineArn"]
    outcomes = [_outcome(states, machine, seats) for seats in (2, 0)]
    assert [(outcome["status"], outcome.get("error")) for outcome in outcomes] == [
        ("SUCCEEDED", None),
        ("FAILED", "SoldOut"),
    ]
    (message,) = client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert message["Body"] == "2 seats"


def _outcome(states: Any, machine: str, seats: int) -> dict[str, Any]:
    state_input = json.dumps({"seats": seats})
    execution = states.start_execution(stateMachineArn=machine, name=f"of-{seats}", input=state_input)["executionArn"]
    return eventually(
        lambda: (
            (description := states.describe_execution(executionArn=execution))["status"] != "RUNNING" and description
        )
    )


@pytest.fixture
def no_docker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    monkeypatch.setattr(conditions, "_last_contact", {})
    yield


def test_without_docker_nothing_is_said_to_run_in_it(tmp_path: Path, no_docker: None) -> None:
    with LocalAws(tmp_path, warehouse=False) as running:
        of = clients_of(running)
        for service, operation, parameters in (
            ("lambda", "invoke", {"FunctionName": "f"}),
            ("batch", "submit_job", {"jobName": "j", "jobQueue": "q", "jobDefinition": "d"}),
            ("secretsmanager", "rotate_secret", {"SecretId": "s"}),
            ("redshift-data", "execute_statement", {"WorkgroupName": "any", "Database": "dev", "Sql": "select 1"}),
        ):
            with pytest.raises(ClientError, match="The local AWS does not support") as caught:
                getattr(of(service), operation)(**parameters)
            reason = "without the warehouse" if service == "redshift-data" else "Docker"
            assert reason in str(caught.value)


def test_a_setting_that_s3_would_have_is_not_taken_for_the_bucket_itself(s3: Any, bucket: str) -> None:
    with pytest.raises(ClientError, match="another operation"):
        s3.delete_bucket_metrics_configuration(Bucket=bucket, Id="m")
    with pytest.raises(ClientError, match="another operation"):
        s3.delete_bucket_inventory_configuration(Bucket=bucket, Id="i")
    assert s3.head_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="kept", Body=b"kept")
    with pytest.raises(ClientError, match="another operation"):
        s3.rename_object(Bucket=bucket, Key="kept", RenameSource="other")
    assert s3.get_object(Bucket=bucket, Key="kept")["Body"].read() == b"kept"


def test_every_claim_is_of_a_service_that_exists_and_of_operations_that_it_has() -> None:
    session = botocore.session.get_session()
    for service in SERVICES:
        model = session.get_service_model(service.name)
        assert service.signature == model.signing_name, service.name
        for refusal in service.refused:
            for pattern in refusal.operations:
                names = model.operation_names
                assert any(Refusal((pattern,), "").covers(name) for name in names), f"{service.name} has no {pattern}"
            if service.marks:
                for operation in filter(refusal.covers, model.operation_names):
                    query = model.operation_model(operation).http["requestUri"].partition("?")[2]
                    assert query.partition("=")[0] in service.marks, operation
    names = [service.name for service in SERVICES]
    assert len(names) == len({*names})
