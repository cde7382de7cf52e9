"""Objects come back equal, with their cycles; what cannot be kept is lost alone; a file cannot name any class."""

import json
import re
import threading
from collections import OrderedDict, defaultdict, deque
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from moto.glue.models import FakeDatabase, FakePartition
from moto.iam.models import Role
from moto.secretsmanager.models import SecretsStore
from moto.utilities.tagging_service import TaggingService
from requests.structures import CaseInsensitiveDict

from infra.local_aws.state.classes import ForbiddenClass
from infra.local_aws.state.decoding import decode
from infra.local_aws.state.encoding import Encoder, encode


def there_and_back(**values: Any) -> dict[str, Any]:
    encoded = encode(values)
    assert encoded.omissions == []
    return decode(json.loads(encoded.text()))


def database(**attributes: Any) -> Any:
    fake: Any = object.__new__(FakeDatabase)
    vars(fake).update(attributes)
    return fake


@pytest.mark.parametrize(
    "value",
    [
        None,
        1.5,
        "é\ud800",
        (1, ("a", [])),
        {"$ref": "1", "plain": {}},
        {1: "a", None: "b", ("x", 2): {"y": 1}},
        {"a", "b"},
        frozenset({(1, 2)}),
        OrderedDict(b=1, a=2),
        defaultdict(list, a=[1]),
        deque([1, 2], maxlen=2),
        b"\x00\xff",
        bytearray(b"x"),
        Decimal("20.10"),
        datetime(2026, 11, 30, 1, 2, 3, 4, UTC),
        datetime(2026, 11, 30),  # noqa: DTZ001  as moto has them
        timedelta(days=2, microseconds=5),
        re.compile("a+", re.IGNORECASE),
        Role,
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_comes_back_equal_and_of_its_type(value: Any) -> None:
    back = there_and_back(value=[value])["value"][0]
    assert (back, type(back)) == (value, type(value))
    if isinstance(value, defaultdict):
        assert back["new"] == []


def test_references_may_be_shared_and_form_cycles() -> None:
    columns: list[Any] = ["id"]
    columns.append(columns)
    first, second = database(name="first", columns=columns, same={"columns": columns}), database(name="second")
    first.next, second.next = second, first
    back = there_and_back(databases={"first": first}, order=[second, first])
    decoded = back["databases"]["first"]
    assert decoded.next.next is decoded
    assert back["order"][1] is decoded
    assert decoded.columns is decoded.same["columns"]
    assert decoded.columns[0] == "id"
    assert decoded.columns[1] is decoded.columns


def test_a_chain_of_objects_may_be_longer_than_the_stack() -> None:
    first = last = database(name="0")
    for number in range(1, 5000):
        last.next = database(name=str(number))
        last = last.next
    decoded, length = there_and_back(first=first)["first"], 1
    while hasattr(decoded, "next"):
        decoded, length = decoded.next, length + 1
    assert length == 5000


def test_a_dict_of_a_class_of_its_own_is_filled_without_calling_that_class() -> None:
    store = SecretsStore()
    dict.update(store, {"key": database(name="key", arn="arn:key")})
    headers = CaseInsensitiveDict({"Content-Type": "text/plain"})
    back = there_and_back(secrets=store, headers=headers)
    assert type(back["secrets"]) is SecretsStore
    assert back["secrets"]["arn:key"].name == "key"
    assert back["headers"]["content-type"] == "text/plain"


@pytest.mark.parametrize(
    "unkeepable",
    [threading.Lock(), threading.current_thread(), (number for number in ()), print, json, ValueError("x"), lambda: 1],
    ids=["lock", "thread", "generator", "builtin", "module", "error", "function"],
)
def test_what_cannot_be_kept_loses_only_its_object(unkeepable: Any) -> None:
    bad = database(name="bad", arn="arn:bad", deep={"in": [{"a": unkeepable}]})
    needs_bad = database(name="needs-bad", parent=bad)
    good = database(name="good", children=[bad, "a child"], by_name={"bad": bad, "x": 1})
    encoded = encode(
        {"databases": {"bad": bad, "needs": needs_bad, "good": good}, "plain": {"a": unkeepable, "b": [1]}}
    )
    back = decode(json.loads(encoded.text()))
    assert list(back["databases"]) == ["good"]
    assert back["databases"]["good"].children == ["a child"]
    assert back["databases"]["good"].by_name == {"x": 1}
    assert back["plain"] == {"b": [1]}
    assert sorted(omission.name for omission in encoded.omissions) == ["arn:bad", "needs-bad", "plain['a']"]


def test_a_whole_value_that_cannot_be_kept_leaves_the_others() -> None:
    encoded = encode({"lock": threading.Lock(), "tagger": TaggingService()})
    assert list(decode(encoded.as_json())) == ["tagger"]


def test_attributes_that_are_left_out_get_their_empty_value() -> None:
    kept = "moto.glue.models:FakeDatabase"
    encoded = encode({"db": database(name="db", runs=[threading.Lock()])}, left_out={kept: ("runs",)})
    assert encoded.omissions == []
    back = decode(encoded.as_json(), left_out={kept: {"runs": list}})["db"]
    assert (back.name, back.runs) == ("db", [])


def test_what_exists_anyway_is_found_by_its_name() -> None:
    backend = object()
    db = database(backend=backend)
    encoded = encode({"db": db}, external=lambda value: "it" if value is backend else None)
    assert decode(encoded.as_json(), external={"it": backend}.__getitem__)["db"].backend is backend


@pytest.mark.parametrize(
    "name",
    [
        "os:system",
        "subprocess:Popen",
        "builtins:object",
        "motorcycle.models:Role",
        "infra.stack.stack:Stack",
        "moto.iam.models:json.decoder.JSONDecoder",  # reached through a module of moto
        "moto.iam.models:TaggingService",  # a class of another module
        "moto.iam.models:limit_key",  # no class
        "moto.iam.models:Role.__init__",
        "moto.no_such_module:Role",
    ],
)
def test_a_file_may_name_classes_of_moto_and_of_this_package_only(name: str) -> None:
    with pytest.raises(ForbiddenClass):
        decode({"values": {"x": {"$ref": "1"}}, "objects": {"1": {"$": name, "state": {}}}})
    with pytest.raises(ForbiddenClass):
        decode({"values": {"x": {"$class": name}}, "objects": {}})


def test_a_class_that_nobody_listed_is_kept() -> None:
    partition = FakePartition("db", "t", {"Values": ["1"], "Parameters": {"$odd": "x"}})
    assert vars(there_and_back(all=[partition])["all"][0]) == vars(partition)


def test_what_has_changed_since_the_last_time_is_seen() -> None:
    first = database(name="first", arn="arn:first", deep={"a": [1]})
    second = database(name="second", arn="arn:second")
    store = SecretsStore()
    dict.update(store, {"one": first})
    encoder = Encoder()
    encoder.encode({"store": store})
    first.deep["a"].append(2)
    dict.update(store, {"two": second})
    back = decode(encoder.encode({"store": store}).as_json())["store"]
    assert [back["one"].deep, back["two"].name] == [{"a": [1, 2]}, "second"]
    first.next = second
    second.name = "renamed"
    assert decode(encoder.encode({"store": store}).as_json())["store"]["one"].next.name == "renamed"
    second.lock = threading.Lock()
    assert encoder.encode({"store": store}).objects.keys() == {"1"}
    del second.lock
    assert decode(encoder.encode({"store": store}).as_json())["store"].keys() == {"one", "two"}
