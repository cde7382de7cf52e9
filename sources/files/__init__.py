"""Files of records, from a folder, a bucket or the web, landed as they are."""

from sources.files.errors import (
    Corrupt,
    EmptyFile,
    FilesError,
    Incomplete,
    LocationRefused,
    LocationUnreachable,
    NoSuchFile,
    TooLarge,
    Unsettled,
)
from sources.files.extract import EntityFiles, Extracted, LandedFile, extract
from sources.files.limits import Limits
from sources.files.source import FileSource, file_source
from sources.files.stores import Store

__all__ = [
    "Corrupt",
    "EmptyFile",
    "EntityFiles",
    "Extracted",
    "FileSource",
    "FilesError",
    "Incomplete",
    "LandedFile",
    "Limits",
    "LocationRefused",
    "LocationUnreachable",
    "NoSuchFile",
    "Store",
    "TooLarge",
    "Unsettled",
    "extract",
    "file_source",
]
