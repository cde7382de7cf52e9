"""What a crawler writes into the catalog: a table or partition as Glue's API takes it, made of what a crawl found."""

from typing import Any

from .column_types import GlueType
from .crawl import Found
from .crawl_objects import Partition
from .csv_classifier import Layout

Columns = list[dict[str, str]]
_TEXT = ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")
_SERDES = {
    "parquet": (
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    ),
    "json": (*_TEXT, "org.openx.data.jsonserde.JsonSerDe"),
    "LazySimpleSerDe": (*_TEXT, "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
    "OpenCSVSerDe": (*_TEXT, "org.apache.hadoop.hive.serde2.OpenCSVSerde"),
}


def table_input(name: str, crawler: str, found: Found, columns: Columns) -> dict[str, Any]:
    """A table of that name, `UPDATED_BY_CRAWLER` being the crawler's name."""
    size = sum(partition.size for partition in found.partitions)
    hints = _hints(found, found.objects, size, found.records) | {"UPDATED_BY_CRAWLER": crawler}
    return {
        "Name": name,
        "Owner": "owner",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": hints,
        "PartitionKeys": [{"Name": key, "Type": str(GlueType("string"))} for key in found.partition_keys],
        "StorageDescriptor": _storage(found, columns, found.location),
    }


def partition_input(found: Found, columns: Columns, partition: Partition) -> dict[str, Any]:
    """One partition of the table."""
    return {
        "Values": list(partition.values),
        "StorageDescriptor": _storage(found, columns, partition.location),
        "Parameters": _hints(found, len(partition.keys), partition.size, partition.records),
    }


def _storage(found: Found, columns: list[dict[str, str]], location: str) -> dict[str, Any]:
    kind = found.layout.serde if found.layout else found.classification
    input_format, output_format, serde = _SERDES.get(kind, ("", "", ""))
    parameters = _separators(found.layout) if found.layout else {"serialization.format": "1"}
    if found.classification == "json":
        parameters["paths"] = ",".join(column["Name"] for column in columns)
    return {
        "Columns": columns,
        "Location": location,
        "InputFormat": input_format,
        "OutputFormat": output_format,
        "Compressed": found.compressed,
        "NumberOfBuckets": -1,
        "SerdeInfo": {"SerializationLibrary": serde, "Parameters": parameters},
        "BucketColumns": [],
        "SortColumns": [],
        "StoredAsSubDirectories": False,
    }


def _separators(layout: Layout) -> dict[str, str]:
    if layout.serde == "OpenCSVSerDe":
        return {"separatorChar": layout.delimiter, "quoteChar": layout.quote}
    return {"field.delim": layout.delimiter}


def _text_hints(layout: Layout) -> dict[str, str]:
    hints = {"delimiter": layout.delimiter, "columnsOrdered": "true"}
    hints["areColumnsQuoted"] = str(layout.is_quoted).lower()
    return hints | ({"skip.header.line.count": "1"} if layout.has_heading else {})


def _hints(found: Found, objects: int, size: int, records: int | None) -> dict[str, str]:
    hints = {"classification": found.classification, "objectCount": str(objects), "sizeKey": str(size)}
    hints |= {"compressionType": "gzip" if found.compressed else "none", "typeOfData": "file"}
    if found.layout is not None:
        hints |= _text_hints(found.layout)
    return hints if records is None else hints | {"recordCount": str(records)}
