"""Answers and errors of the Data API's operations."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import JsonRESTError

Answer = tuple[int, dict[str, Any], str]
"""Status, headers and body of a response."""


def invalid(message: str) -> JsonRESTError:
    """The request is not valid."""
    return JsonRESTError("ValidationException", message)


def not_found(message: str) -> JsonRESTError:
    """The request names something that does not exist."""
    return JsonRESTError("ResourceNotFoundException", message)


def answer(body: dict[str, Any]) -> Answer:
    """A successful answer, without the members that are None."""
    return 200, {}, json.dumps({key: value for key, value in body.items() if value is not None})


def page_start(params: dict[str, Any]) -> int:
    """The first entry of the page that NextToken names."""
    token = params.get("NextToken") or "0"
    if not token.isdigit():
        raise invalid("NextToken is not valid.")
    return int(token)
