"""The tables and partitions that a crawler writes, in the form of Glue's API, from the result of a crawl."""

from typing import Any

from .column_types import GlueType
from .crawl import CrawlResult
from .crawl_objects import CrawledPartition
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


def table_input(name: str, crawler: str, result: CrawlResult, columns: Columns) -> dict[str, Any]:
    """The TableInput for a table. The parameter `UPDATED_BY_CRAWLER` is the crawler's name."""
    size = sum(partition.size for partition in result.partitions)
    hints = _hints(result, result.objects, size, result.records) | {"UPDATED_BY_CRAWLER": crawler}
    return {
        "Name": name,
        "Owner": "owner",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": hints,
        "PartitionKeys": [{"Name": key, "Type": str(GlueType("string"))} for key in result.partition_keys],
        "StorageDescriptor": _storage(result, columns, result.location),
    }


def partition_input(result: CrawlResult, columns: Columns, partition: CrawledPartition) -> dict[str, Any]:
    """The PartitionInput for one partition of the table."""
    return {
        "Values": list(partition.values),
        "StorageDescriptor": _storage(result, columns, partition.location),
        "Parameters": _hints(result, len(partition.keys), partition.size, partition.records),
    }


def _storage(result: CrawlResult, columns: list[dict[str, str]], location: str) -> dict[str, Any]:
    kind = result.layout.serde if result.layout else result.classification
    input_format, output_format, serde = _SERDES.get(kind, ("", "", ""))
    parameters = _separators(result.layout) if result.layout else {"serialization.format": "1"}
    if result.classification == "json":
        parameters["paths"] = ",".join(column["Name"] for column in columns)
    return {
        "Columns": columns,
        "Location": location,
        "InputFormat": input_format,
        "OutputFormat": output_format,
        "Compressed": result.compressed,
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


def _hints(result: CrawlResult, objects: int, size: int, records: int | None) -> dict[str, str]:
    hints = {"classification": result.classification, "objectCount": str(objects), "sizeKey": str(size)}
    hints |= {"compressionType": "gzip" if result.compressed else "none", "typeOfData": "file"}
    if result.layout is not None:
        hints |= _text_hints(result.layout)
    return hints if records is None else hints | {"recordCount": str(records)}
