"""Custom classifiers through boto3: what Glue keeps of them, and what it refuses."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def name(glue: Any) -> Iterator[str]:
    classifier_name = f"classifier-{uuid.uuid4().hex[:12]}"
    yield classifier_name
    known = [entry["CsvClassifier"]["Name"] for entry in glue.get_classifiers()["Classifiers"]]
    if classifier_name in known:
        glue.delete_classifier(Name=classifier_name)


def test_a_classifier_is_created_changed_and_deleted(glue: Any, name: str) -> None:
    settings = {"Delimiter": "|", "QuoteSymbol": "'", "ContainsHeader": "ABSENT", "Header": ["a", "b"]}
    glue.create_classifier(CsvClassifier={"Name": name, **settings})
    created = glue.get_classifier(Name=name)["Classifier"]["CsvClassifier"]
    assert {key: created[key] for key in settings} == settings
    assert (created["Version"], created["LastUpdated"]) == (1, created["CreationTime"])
    glue.update_classifier(CsvClassifier={"Name": name, "Delimiter": "\t"})
    changed = glue.get_classifier(Name=name)["Classifier"]["CsvClassifier"]
    assert (changed["Delimiter"], changed["Header"], changed["Version"]) == ("\t", ["a", "b"], 2)
    assert changed["CreationTime"] == created["CreationTime"]
    glue.delete_classifier(Name=name)
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_classifier(Name=name)


def test_classifiers_are_listed_in_pages(glue: Any) -> None:
    names = sorted(f"page-{uuid.uuid4().hex}" for _ in range(3))
    for name in names:
        glue.create_classifier(CsvClassifier={"Name": name})
    pages = list(glue.get_paginator("get_classifiers").paginate(PaginationConfig={"PageSize": 2}))
    listed = [entry["CsvClassifier"]["Name"] for page in pages for entry in page["Classifiers"]]
    assert [classifier_name for classifier_name in listed if classifier_name.startswith("page-")] == names
    assert max(len(page["Classifiers"]) for page in pages) == 2
    for name in names:
        glue.delete_classifier(Name=name)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"Delimiter": "||"}, id="two characters between columns"),
        pytest.param({"Delimiter": "\n"}, id="a line end between columns"),
        pytest.param({"Delimiter": "|", "QuoteSymbol": "|"}, id="quote and delimiter the same"),
        pytest.param({"Delimiter": '"'}, id="the default quote as delimiter"),
        pytest.param({"ContainsHeader": "MAYBE"}, id="unknown choice of heading"),
        pytest.param({"Serde": "RegexSerDe"}, id="unknown SerDe"),
        pytest.param({"Header": ["id", "ID"]}, id="a column named twice"),
        pytest.param({"Header": ["id", "a\nb"]}, id="a name of two lines"),
        pytest.param({"Header": ["id"]}, id="one column, not allowed"),
        pytest.param({"CustomDatatypeConfigured": True, "CustomDatatypes": ["INT"]}, id="custom data types"),
    ],
)
def test_what_is_no_csv_classifier_is_refused(glue: Any, name: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.create_classifier(CsvClassifier={"Name": name, **settings})
    glue.create_classifier(CsvClassifier={"Name": name})
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.update_classifier(CsvClassifier={"Name": name, **settings})
    assert glue.get_classifier(Name=name)["Classifier"]["CsvClassifier"]["Version"] == 1


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"GrokClassifier": {"Name": "x", "Classification": "log", "GrokPattern": "%{WORD:w}"}},
        {"XMLClassifier": {"Name": "x", "Classification": "xml", "RowTag": "row"}},
        {"JsonClassifier": {"Name": "x", "JsonPath": "$[*]"}},
        {"CsvClassifier": {"Name": "x"}, "JsonClassifier": {"Name": "x", "JsonPath": "$[*]"}},
        {"CsvClassifier": {"Name": "two\nlines"}},
    ],
)
def test_other_kinds_are_refused_not_ignored(glue: Any, request_: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.create_classifier(**request_)


def test_a_name_is_taken_once_and_an_unknown_one_is_not_found(glue: Any, name: str) -> None:
    glue.create_classifier(CsvClassifier={"Name": name})
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        glue.create_classifier(CsvClassifier={"Name": name})
    for call in (glue.get_classifier, glue.delete_classifier):
        with pytest.raises(ClientError, match="EntityNotFoundException"):
            call(Name="no-such-classifier")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.update_classifier(CsvClassifier={"Name": "no-such-classifier"})
