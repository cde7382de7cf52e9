"""Readers of the records in a raw object, one for every format that a source can declare."""

from __future__ import annotations

from lake.readers.base import Read, Reader
from lake.readers.delimited import DelimitedReader
from lake.readers.json import JsonLinesReader, JsonReader
from lake.readers.parquet import ParquetReader
from lake.readers.xml import XmlReader
from schemas.formats import Delimited, Format, Json, JsonLines, Parquet, Xml
from schemas.raw import RawRecord


def reader_of(form: Format, model: type[RawRecord]) -> Reader:
    """The reader of a format."""
    match form:
        case Json():
            return JsonReader(model, form)
        case JsonLines():
            return JsonLinesReader(model)
        case Delimited():
            return DelimitedReader(model, form)
        case Xml():
            return XmlReader(model, form)
        case Parquet():
            return ParquetReader(model)


def format_in_quarantine(form: Format) -> Format:
    """The format of records in quarantine: as received, except a Parquet file's rows, which are JSON."""
    match form:
        case Parquet():
            return Json()
        case _:
            return form


__all__ = ["Read", "Reader", "format_in_quarantine", "reader_of"]
