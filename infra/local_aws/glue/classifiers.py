"""Adds custom classifiers to moto's Glue: `CreateClassifier` and related operations. CSV only.

Grok, XML and JSON classifiers and custom data types are refused with Glue's `InvalidInputException`, because a crawler
that ignored one would write a different table than Glue. Stricter than Glue: a `Header` must not repeat a name,
ignoring case, because readers of the catalog could not read such a table; and a crawler can only name classifiers that
exist. Unlike in Glue, a changed classifier also applies to data that was crawled before.

Source: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateClassifier.html and API_CsvClassifier.html
"""

import re
from typing import Any, cast

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.glue import models as glue_models
from moto.glue.exceptions import AlreadyExistsException, EntityNotFoundException
from moto.glue.responses import GlueResponse

from .csv_classifier import CsvClassifier, Heading, Serde

_KINDS = ("CsvClassifier", "GrokClassifier", "XMLClassifier", "JsonClassifier")
_SETTINGS = (
    "Delimiter", "QuoteSymbol", "ContainsHeader", "Header", "DisableValueTrimming", "AllowSingleColumn", "Serde",
)  # fmt: skip
_NAME = re.compile(r"[\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF\t]{1,255}")


def of_crawler(crawler: glue_models.FakeCrawler) -> tuple[CsvClassifier, ...]:
    """The crawler's classifiers, in its order. Raises EntityNotFoundException if one has been deleted."""
    return tuple(_classifier(_definition(crawler.backend, name)) for name in crawler.classifiers or [])


def check_known(backend: glue_models.GlueBackend, names: list[str] | None) -> None:
    """Raises InvalidInputException if a crawler names a classifier that does not exist."""
    for name in names or []:
        if name not in backend.classifiers:
            raise _invalid(f"Classifier {name} does not exist; create it before the crawler")


def no_classifiers(_: glue_models.GlueBackend) -> dict[str, dict[str, Any]]:
    """The initial value of a backend's classifiers, by name."""
    return {}


def _invalid(reason: str) -> JsonRESTError:
    return JsonRESTError("InvalidInputException", reason)


def _definition(backend: glue_models.GlueBackend, name: str) -> dict[str, Any]:
    if name not in backend.classifiers:
        raise EntityNotFoundException(f"Classifier {name} not found.")
    return cast(dict[str, Any], backend.classifiers[name])


def _classifier(definition: dict[str, Any]) -> CsvClassifier:
    serde = definition.get("Serde", "None")
    return CsvClassifier(
        name=definition["Name"],
        delimiter=definition.get("Delimiter"),
        quote=definition.get("QuoteSymbol", '"'),
        heading=cast(Heading, definition.get("ContainsHeader", "UNKNOWN")),
        header=tuple(definition.get("Header") or ()),
        trims_values=not definition.get("DisableValueTrimming", True),
        allows_single_column=definition.get("AllowSingleColumn", False),
        serde=None if serde == "None" else cast(Serde, serde),
    )


def _requested(parameters: dict[str, Any]) -> dict[str, Any]:
    """The CSV classifier of a request, after a check of its name and kind."""
    kinds = [kind for kind in _KINDS if parameters.get(kind) is not None]
    if len(kinds) != 1:
        raise _invalid(f"Exactly one classifier must be specified, these were: {kinds}")
    if kinds != ["CsvClassifier"]:
        raise _invalid(f"The local Glue supports CSV classifiers only, not {kinds[0]}")
    request: dict[str, Any] = parameters["CsvClassifier"]
    if unknown := sorted(set(request) - {"Name", *_SETTINGS}):
        raise _invalid(f"The local Glue does not support these settings of a CSV classifier: {unknown}")
    if not _NAME.fullmatch(request.get("Name", "")):
        raise _invalid(f"Classifier name {request.get('Name')!r} must be 1 to 255 characters on one line")
    return request


def _check(definition: dict[str, Any]) -> None:
    """Raises InvalidInputException for a CSV classifier that Glue refuses."""
    for setting in ("Delimiter", "QuoteSymbol"):
        if setting in definition and not re.fullmatch(r"[^\r\n]", definition[setting]):
            raise _invalid(f"{setting} must be one character, and no line break: {definition[setting]!r}")
    csv = _classifier(definition)
    if csv.delimiter == csv.quote:
        raise _invalid(f"QuoteSymbol must be different from Delimiter: {csv.quote!r}")
    if csv.heading not in ("UNKNOWN", "PRESENT", "ABSENT"):
        raise _invalid(f"ContainsHeader must be UNKNOWN, PRESENT or ABSENT, not {csv.heading!r}")
    if csv.serde not in (None, "LazySimpleSerDe", "OpenCSVSerDe"):
        raise _invalid(f"Serde must be OpenCSVSerDe, LazySimpleSerDe or None, not {csv.serde!r}")
    names = [name.lower() for name in csv.header]
    if bad := [name for name in names if not _NAME.fullmatch(name) or names.count(name) > 1]:
        raise _invalid(f"Header must name each column once, in 1 to 255 characters: {bad}")
    if len(names) == 1 and not csv.allows_single_column:
        raise _invalid("Header names one column; such files need AllowSingleColumn")


def create(self: GlueResponse) -> EmptyResult:
    """CreateClassifier."""
    request = _requested(self.parameters)
    classifiers = self.glue_backend.classifiers
    _check(request)
    if request["Name"] in classifiers:
        raise AlreadyExistsException(f"Classifier {request['Name']}")
    created_at = utcnow()
    classifiers[request["Name"]] = {**request, "CreationTime": created_at, "LastUpdated": created_at, "Version": 1}
    return EmptyResult()


def update(self: GlueResponse) -> EmptyResult:
    """UpdateClassifier changes the settings in the request and keeps the others."""
    request = _requested(self.parameters)
    current = _definition(self.glue_backend, request["Name"])
    changed = {**current, **request, "LastUpdated": utcnow(), "Version": current["Version"] + 1}
    _check(changed)
    self.glue_backend.classifiers[request["Name"]] = changed
    return EmptyResult()


def get(self: GlueResponse) -> ActionResult:
    """GetClassifier."""
    return ActionResult({"Classifier": {"CsvClassifier": _definition(self.glue_backend, self.parameters["Name"])}})


def list_all(self: GlueResponse) -> ActionResult:
    """GetClassifiers."""
    definitions = sorted(self.glue_backend.classifiers.items())
    begin = int(self.parameters.get("NextToken") or 0)
    end = begin + int(self.parameters.get("MaxResults") or 100)
    page: dict[str, Any] = {"Classifiers": [{"CsvClassifier": definition} for _, definition in definitions[begin:end]]}
    return ActionResult(page | ({"NextToken": str(end)} if end < len(definitions) else {}))


def delete(self: GlueResponse) -> EmptyResult:
    """DeleteClassifier."""
    _definition(self.glue_backend, self.parameters["Name"])
    del self.glue_backend.classifiers[self.parameters["Name"]]
    return EmptyResult()
