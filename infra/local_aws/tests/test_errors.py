"""Every error reaches the caller as its SDK's own error, with a code and a sentence, in every protocol."""

import io
import json
import logging
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.parsers import create_parser

from infra.local_aws import LocalAws, errors
from infra.local_aws.tests.conftest import Client

CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "json": ("glue", "list_jobs", {}),
    "json 1.0": ("dynamodb", "list_tables", {}),
    "rest-json": ("lambda", "list_functions", {}),
    "query": ("iam", "list_roles", {}),
    "ec2": ("ec2", "describe_instances", {}),
    "rest-xml": ("s3", "list_buckets", {}),
    "rest-xml of another service": ("route53", "list_hosted_zones", {}),
}
MESSAGE = 'no <room> & no "luck"'


def wsgi_client(service: str, application: Callable[..., Iterable[bytes]]) -> Any:
    """A boto3 client whose requests an application answers, without a server."""
    session = boto3.Session("local", "local", region_name="us-east-1")
    client = session.client(service, endpoint_url="http://127.0.0.1:1", config=Config(retries={"max_attempts": 0}))

    def send(request: Any, **_: object) -> Any:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else body.read()
        path, _, query = request.url.partition("://")[2].partition("/")[2].partition("?")
        environ = {"REQUEST_METHOD": request.method, "PATH_INFO": f"/{path}", "QUERY_STRING": query}
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            text = value.decode() if isinstance(value, bytes) else value
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = text
        started: list[Any] = []
        content = b"".join(application(environ, lambda status, headers: started.extend((status, headers))))
        raw = type("Raw", (io.BytesIO,), {"stream": lambda self, **_: [self.getvalue()]})(content)
        return AWSResponse(request.url, int(started[0][:3]), dict(started[1]), raw)

    client.meta.events.register("before-send", send)
    return client


def raised(client: Any, operation: str, parameters: dict[str, Any]) -> ClientError:
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**parameters)
    return caught.value


def _plain(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return errors.error_response(environ, start_response, "NoRoom", MESSAGE)


@pytest.mark.parametrize("protocol", CALLS)
def test_an_error_is_read_by_boto3_in_every_protocol(protocol: str) -> None:
    service, operation, parameters = CALLS[protocol]
    error = raised(wsgi_client(service, _plain), operation, parameters).response
    assert (error["Error"]["Code"], error["Error"]["Message"]) == ("NoRoom", MESSAGE)
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error["ResponseMetadata"].get("RequestId")


@pytest.mark.parametrize("protocol", CALLS)
def test_a_fault_of_ours_says_where_to_look_and_not_what_python_said(
    protocol: str, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
        raise KeyError("secret-looking detail")

    service, operation, parameters = CALLS[protocol]
    with caplog.at_level(logging.ERROR):
        error = raised(wsgi_client(service, errors.Failures(broken)), operation, parameters).response
    assert error["Error"]["Code"] == ("InternalError" if service == "s3" else "InternalFailure")
    assert "The local AWS failed on" in error["Error"]["Message"]
    assert "KeyError" not in str(error)
    assert "detail" not in str(error)
    request = error["ResponseMetadata"]["RequestId"]
    assert request in error["Error"]["Message"]
    assert request in caplog.text
    assert "secret-looking detail" in caplog.text


@pytest.mark.parametrize("protocol", CALLS)
def test_what_moto_lacks_is_named(protocol: str) -> None:
    def lacking(_environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
        raise NotImplementedError("The list_jobs action has not been implemented")

    service, operation, parameters = CALLS[protocol]
    error = raised(wsgi_client(service, errors.Failures(lacking)), operation, parameters).response
    assert error["Error"]["Code"] == "NotImplemented"
    assert error["Error"]["Message"].startswith(f"The local AWS does not support {service}:")
    assert "docs/local-aws.md" in error["Error"]["Message"]
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 501


@pytest.mark.parametrize(
    ("protocol", "status", "body", "code", "message"),
    [
        ("query", 400, b'{"__type": "a.b#Wrong", "message": "not so"}', "Wrong", "not so"),
        ("json", 403, b"<ErrorResponse><Error><Code>Wrong</Code><Message>a &amp; b</Message></Error></ErrorResponse>",
         "Wrong", "a & b"),
        ("rest-json", 400, b"Only words", "InvalidRequest", "Only words"),
        ("json", 404, b"<!doctype html>\n<title>404</title>", "NotImplemented", None),
        ("rest-json", 404, b"", "NotImplemented", None),
        ("query", 500, b"<!doctype html>\n<title>500</title>", "InvalidRequest", None),
        ("rest-xml", 409, b"<Error><Code>Own</Code><Message>as it is</Message></Error>", "Own", "as it is"),
        ("json", 400, b'{"__type": "Own", "message": "as it is"}', "Own", "as it is"),
    ],
    ids=["JSON of a query service", "XML of a JSON service", "plain text", "a page", "nothing", "a page of a failure",
         "XML that is right", "JSON that is right"],
)  # fmt: skip
def test_what_a_service_answers_in_another_protocol_is_put_right(
    protocol: str, status: int, body: bytes, code: str, message: str | None
) -> None:
    def answering(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(f"{status} Error", [("Content-Type", "text/html")])
        return [body]

    service, operation, parameters = CALLS[protocol]
    error = raised(wsgi_client(service, errors.Failures(answering)), operation, parameters).response["Error"]
    assert error["Code"] == code
    assert message is None or error["Message"] == message


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "named"),
    [
        ("translate", "list_languages", {}, "translate:ListLanguages"),
        ("appflow", "list_flows", {}, "appflow: POST /list-flows"),
        ("glue", "list_statements", {"SessionId": "1"}, "glue:ListStatements"),
        ("iam", "list_organizations_features", {}, "iam:ListOrganizationsFeatures"),
        ("ec2", "describe_fpga_images", {}, "ec2:DescribeFpgaImages"),
        ("cloudfront", "list_streaming_distributions", {}, "cloudfront: GET /2020-05-31/streaming-distribution"),
        ("lambda", "list_code_signing_configs", {}, "lambda: GET /2020-04-22/code-signing-configs"),
    ],
    ids=["no such service, JSON", "no such service, REST", "JSON", "query", "EC2", "REST with XML", "REST with JSON"],
)
def test_a_service_or_operation_that_moto_lacks_is_refused_by_name(
    client: Client, service: str, operation: str, parameters: dict[str, Any], named: str
) -> None:
    error = raised(client(service), operation, parameters).response
    assert error["Error"]["Code"] == "NotImplemented"
    assert f"The local AWS does not support {named}." in error["Error"]["Message"]
    assert error["ResponseMetadata"]["RetryAttempts"] == 0


def test_a_body_that_is_no_json_is_the_callers_mistake(server: LocalAws) -> None:
    headers = {"X-Amz-Target": "AWSGlue.CreateDatabase", "Content-Type": "application/x-amz-json-1.1"}
    request = AWSRequest("POST", server.url, headers=headers, data=b"{not json")
    SigV4Auth(Credentials("local", "local"), "glue", "us-east-1").add_auth(request)
    answered = requests.post(server.url, data=b"{not json", headers=dict(request.headers), timeout=30)
    assert answered.status_code == 400
    assert answered.json()["__type"] == "SerializationException"


def test_a_caller_that_speaks_cbor_can_read_the_error(server: LocalAws) -> None:
    url = f"{server.url}/service/GraniteServiceVersion20100801/operation/{uuid.uuid4().hex}"
    headers = {"smithy-protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}
    request = AWSRequest("POST", url, headers=headers, data=b"\xa0")
    SigV4Auth(Credentials("local", "local"), "monitoring", "us-east-1").add_auth(request)
    answered = requests.post(url, data=b"\xa0", headers=dict(request.headers), timeout=30)
    answer = {"body": answered.content, "headers": answered.headers, "status_code": answered.status_code}
    error = create_parser("smithy-rpc-v2-cbor").parse(answer, None)["Error"]
    assert error["Code"] == "NotImplemented"
    assert error["Message"].startswith("The local AWS does not support ")


def test_parameters_that_moto_stumbles_over_are_the_callers_mistake(client: Client) -> None:
    error = raised(client("athena"), "get_query_execution", {"QueryExecutionId": "no-such-query"}).response
    assert error["Error"]["Code"] == "ValidationException"
    assert "cannot process athena:GetQueryExecution with these parameters" in error["Error"]["Message"]
    assert "KeyError" not in str(error)


def test_a_body_that_is_no_xml_is_the_callers_mistake(server: LocalAws, bucket: str) -> None:
    url = f"{server.url}/{bucket}?lifecycle"
    request = AWSRequest("PUT", url, data=b"no xml")
    SigV4Auth(Credentials("local", "local"), "s3", "us-east-1").add_auth(request)
    answered = requests.put(url, data=b"no xml", headers=dict(request.headers), timeout=30)
    assert answered.status_code == 400
    assert b"<Code>MalformedXML</Code>" in answered.content


def test_the_answer_of_json_is_json(server: LocalAws) -> None:
    headers = {"X-Amz-Target": "AWSGlue.NoSuchThing", "Content-Type": "application/x-amz-json-1.1"}
    request = AWSRequest("POST", server.url, headers=headers, data=b"{}")
    SigV4Auth(Credentials("local", "local"), "glue", "us-east-1").add_auth(request)
    answered = requests.post(server.url, data=b"{}", headers=dict(request.headers), timeout=30)
    assert json.loads(answered.content)["message"].startswith("The local AWS does not support glue:NoSuchThing.")
