"""The Spark session of every job: how times are read and written is the same wherever the job runs."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import SparkSession

CONFIGURATION: Mapping[str, str] = {
    # Timestamps are stored without a zone, in UTC or in the venue's local time: a session in UTC moves neither.
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
    # A value that does not fit its column fails the run. Spark 3.5 would make it null, Spark 4 does as we say here.
    "spark.sql.ansi.enabled": "true",
    # A COPY manifest must name every object under its prefix that it is to load; a marker is not one of them.
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}


def spark_session(name: str, shuffle_partitions: int | None = None) -> SparkSession:
    """The job's session; what is set on the command line of `spark-submit` and not named here stays as it is.

    Args:
        name: of the job, as the Spark UI shows it.
        shuffle_partitions: how many partitions a shuffle starts with; adaptive execution joins the small ones.
    """
    builder = SparkSession.builder.appName(name)
    for key, value in CONFIGURATION.items():
        builder = builder.config(key, value)
    if shuffle_partitions is not None:
        builder = builder.config("spark.sql.shuffle.partitions", str(shuffle_partitions))
    return builder.getOrCreate()
