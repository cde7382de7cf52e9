"""The Spark session of every job, which reads and writes times in the same way in Glue and on a laptop."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import SparkSession

CONFIGURATION: Mapping[str, str] = {
    # Timestamps are stored without a zone, in UTC or in the venue's local time: a session in UTC changes neither.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    # Files are in the calendar of Python, Arrow and Redshift. Spark's own default is to fail on a date before 1582, or
    # a time before 1900, that it reads from a file of another program or writes.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    # COPY reads 64-bit microseconds; Spark's own default is the older INT96.
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "snappy",
    "spark.sql.adaptive.enabled": "true",
    # A value that does not fit its column fails the run. Spark 3.5 would make it null; this is the default of Spark 4.
    "spark.sql.ansi.enabled": "true",
    # A COPY manifest lists every object to load; a marker is not one of them.
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}


def spark_session(name: str, shuffle_partitions: int | None = None) -> SparkSession:
    """The job's session. Options of `spark-submit` that aren't set here stay as they are.

    Args:
        name: the job's name in the Spark UI.
        shuffle_partitions: the number of partitions at the start of a shuffle; adaptive execution merges small ones.
    """
    builder = SparkSession.builder.appName(name)
    for key, value in CONFIGURATION.items():
        builder = builder.config(key, value)
    if shuffle_partitions is not None:
        builder = builder.config("spark.sql.shuffle.partitions", str(shuffle_partitions))
    return builder.getOrCreate()
