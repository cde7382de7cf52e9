"""A crawler for tests, with its bucket and its database."""

import io
import uuid
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from infra.local_aws.tests.conftest import Client, eventually


class Crawler:
    """A crawler, its database and its bucket."""

    def __init__(self, client: Client, *roots: str, **definition: Any) -> None:
        self.s3, self.glue, self.logs = client("s3"), client("glue"), client("logs")
        self.name = f"crawler-{uuid.uuid4().hex[:12]}"
        self.bucket, self.database = self.name, self.name.replace("-", "_")
        self.s3.create_bucket(Bucket=self.bucket)
        self.glue.create_database(DatabaseInput={"Name": self.database})
        targets = [{"Path": f"s3://{self.bucket}/{root}", "Exclusions": ["_*", "**/_*"]} for root in roots]
        settings = {"Role": "role", "DatabaseName": self.database, "Targets": {"S3Targets": targets}}
        self.glue.create_crawler(Name=self.name, **settings | definition)

    def put(self, key: str, content: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)

    def put_parquet(self, key: str, **columns: list[Any]) -> None:
        buffer = io.BytesIO()
        pq.write_table(pa.table(columns), buffer)
        self.put(key, buffer.getvalue())

    def crawl(self) -> dict[str, Any]:
        self.glue.start_crawler(Name=self.name)
        return self.finished()

    def finished(self) -> dict[str, Any]:
        look = lambda: self.glue.get_crawler(Name=self.name)["Crawler"]  # noqa: E731
        return dict(eventually(lambda: (crawler := look())["State"] == "READY" and crawler)["LastCrawl"])

    def table(self, name: str) -> dict[str, Any]:
        return dict(self.glue.get_table(DatabaseName=self.database, Name=name)["Table"])

    def columns(self, name: str) -> dict[str, str]:
        return {column["Name"]: column["Type"] for column in self.table(name)["StorageDescriptor"]["Columns"]}

    def partitions(self, name: str, expression: str = "") -> list[list[str]]:
        response = self.glue.get_partitions(DatabaseName=self.database, TableName=name, Expression=expression)
        return [partition["Values"] for partition in response["Partitions"]]

    def location(self, name: str) -> str:
        location: str = self.table(name)["StorageDescriptor"]["Location"]
        return location.removeprefix(f"s3://{self.bucket}/")

    def tables(self) -> list[str]:
        return [table["Name"] for table in self.glue.get_tables(DatabaseName=self.database)["TableList"]]
