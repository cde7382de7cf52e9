"""The name of the operation that a request asks for, in whichever protocol."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs


def operation(environ: Mapping[str, Any]) -> str:
    """The operation's name, as in `CreateDatabase`; "" for services that have none in the request, such as S3.

    It is in a header (JSON), in the path (Smithy RPC) or the field `Action` of a form or of the query.
    """
    if target := environ.get("HTTP_X_AMZ_TARGET", ""):
        return str(target).rpartition(".")[2]
    head, found, name = environ.get("PATH_INFO", "").rpartition("/operation/")
    if found and head.startswith("/service/"):
        return str(name)
    fields = environ.get("QUERY_STRING", "").encode()
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        body = environ["wsgi.input"]
        fields = body.read()
        body.seek(0)
    return parse_qs(fields).get(b"Action", [b""])[0].decode("utf-8", "replace")
