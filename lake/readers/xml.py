"""Records in XML, read without entities, document types or the network: what a stranger sends cannot blow up."""

from __future__ import annotations

from typing import IO, Any

from lxml import etree
from pydantic import ValidationError

from lake.readers.base import Read, Reader
from lake.records import Bad, bad_record, unreadable
from schemas.formats import Xml
from schemas.raw import RawRecord


class XmlReader(Reader):
    """Reads the elements that are records, one at a time; a record inside another is a value of it.

    A record's bytes are its element as XML in UTF-8, written anew: equal in content, not always in spelling. Where a
    document breaks off, is no XML or holds no record, that is one bad record more, without bytes.
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
                yield b"", unreadable("no_record", f"there is no element {self._tag.removeprefix('{*}')!r} in it")
        except etree.XMLSyntaxError as error:
            self.line = error.lineno
            yield b"", unreadable("malformed_xml", f"{error.msg}; nothing after it can be read")

    def _record(self, element: etree._Element) -> RawRecord | Bad:
        if next(element.iter(etree.Entity), None) is not None:
            return unreadable("xml_entity", "it refers to an entity, and entities are not resolved")
        content = _content(element)
        if not isinstance(content, dict):
            return unreadable("no_values", "the element holds no values by name")
        try:
            record: RawRecord = self.model.__pydantic_validator__.validate_python(content)
        except ValidationError as error:
            return bad_record(content, error, self.model)
        return record


def _content(element: etree._Element) -> dict[str, Any] | str | None:
    """An element's attributes and children by local name; its text, or None, when it has neither."""
    found: dict[str, Any] = {f"@{etree.QName(name).localname}": value for name, value in element.attrib.items()}
    for child in element:
        name, value = etree.QName(child).localname, _content(child)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    text = (element.text or "").strip() or None
    if found and text:
        found["#text"] = text
    return found or text


def _forget(element: etree._Element) -> None:
    """Free a record that was read, and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
