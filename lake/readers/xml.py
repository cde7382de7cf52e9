"""Records in XML, read without entities, document types or the network, so that no document can expand endlessly."""

from __future__ import annotations

from typing import IO, Any

from lxml import etree
from pydantic import ValidationError

from lake.readers.base import Read, Reader
from lake.records import Bad, bad_record, unreadable
from schemas.formats import Xml
from schemas.raw import RawRecord


class XmlReader(Reader):
    """Reads the elements that are records, one at a time. A record inside another is a value of it.

    A record's bytes are its element serialized as XML in UTF-8: equal in content, not always in spelling. A document
    that is truncated, isn't XML or has no record gives one more bad record, without bytes.
    """

    def __init__(self, model: type[RawRecord], form: Xml) -> None:
        super().__init__(model)
        self._tag = f"{{*}}{form.record}"

    def read(self, body: IO[bytes]) -> Read:
        """The records of a document."""
        elements = etree.iterparse(
            body,
            tag=self._tag,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self.line = None
        try:
            for _, element in elements:
                if next(element.iterancestors(self._tag), None) is not None:
                    continue
                self.line = element.sourceline
                yield etree.tostring(element, with_tail=False, encoding="utf-8"), self._record(element)
                _forget(element)
            if self.line is None:
                yield b"", unreadable("no_record", f"it has no element {self._tag.removeprefix('{*}')!r}")
        except etree.XMLSyntaxError as error:
            self.line = error.lineno
            yield b"", unreadable("malformed_xml", f"{error.msg}; the rest can't be read")

    def _record(self, element: etree._Element) -> RawRecord | Bad:
        if next(element.iter(etree.Entity), None) is not None:
            return unreadable("xml_entity", "it refers to an entity, and entities are not resolved")
        content = _content(element)
        if not isinstance(content, dict):
            return unreadable("no_values", "the element has no named values")
        try:
            record: RawRecord = self.model.__pydantic_validator__.validate_python(content)
        except ValidationError as error:
            return bad_record(content, error, self.model)
        return record


def _content(element: etree._Element) -> dict[str, Any] | str | None:
    """An element's attributes and children by local name; if it has neither, its text or None."""
    values: dict[str, Any] = {f"@{etree.QName(name).localname}": value for name, value in element.attrib.items()}
    for child in element:
        name = etree.QName(child).localname
        value = _content(child)
        if name not in values:
            values[name] = value
        elif isinstance(values[name], list):
            values[name].append(value)
        else:
            values[name] = [values[name], value]
    text = (element.text or "").strip() or None
    if values and text:
        values["#text"] = text
    return values or text


def _forget(element: etree._Element) -> None:
    """Free the memory of a record that was read, and of the elements before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
