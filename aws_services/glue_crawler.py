"""AWS Glue crawlers: they look at files in S3 and write the Data Catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_services._session import asking, client
from aws_services._waiting import Patience, wait_until
from aws_services.errors import AlreadyRunning, CrawlFailed


class GlueCrawler:
    """One crawler, by name.

    Every method raises `NotFound` (no such crawler), `AccessDenied`, `Throttled` or `ServiceUnreachable` where they
    apply.
    """

    def __init__(self, name: str, glue_client: Any = None) -> None:
        self.name = name
        self._client = glue_client or client("glue")

    def start(self) -> None:
        """Start a crawl. Raises AlreadyRunning."""
        with asking("StartCrawler", self.name):
            self._client.start_crawler(Name=self.name)

    def state(self) -> dict[str, Any]:
        """What Glue says of the crawler: `State` (READY, RUNNING, STOPPING), `LastCrawl`, `Targets`…"""
        with asking("GetCrawler", self.name):
            answer: dict[str, Any] = self._client.get_crawler(Name=self.name)["Crawler"]
            return answer

    def wait(self, patience: Patience) -> dict[str, Any]:
        """Wait until the crawler is ready again.

        Returns:
            Glue's description of the last crawl (`Status`, `LogGroup`…).

        Raises:
            CrawlFailed: the crawl ended without success.
            TimedOut: it goes on beyond the deadline.
        """
        crawler = wait_until(
            self.state,
            lambda seen: seen["State"] == "READY",
            patience,
            asked="crawl",
            resource=self.name,
            describe=lambda seen: str(seen["State"]),
        )
        return self._checked(crawler)

    def check(self) -> dict[str, Any]:
        """Glue's description of the last crawl. Raises CrawlFailed when that ended without success."""
        return self._checked(self.state())

    def _checked(self, crawler: Mapping[str, Any]) -> dict[str, Any]:
        last: dict[str, Any] = crawler.get("LastCrawl", {})
        if last.get("Status", "SUCCEEDED") != "SUCCEEDED":
            detail = f"{last['Status']}: {last.get('ErrorMessage', 'no message')}"
            raise CrawlFailed("crawl", self.name, detail)
        return last

    def run(self, patience: Patience | None = None) -> dict[str, Any]:
        """Crawl and wait. A crawl that was going on already is waited for first, as it may have missed new files.

        Raises:
            CrawlFailed: the crawl ended without success.
            TimedOut: it goes on beyond the deadline (an hour unless told otherwise).
        """
        patience = patience or Patience(deadline=3600)
        try:
            self.start()
        except AlreadyRunning:
            wait_until(
                self.state,
                lambda seen: seen["State"] == "READY",
                patience,
                asked="earlier crawl",
                resource=self.name,
                describe=lambda seen: str(seen["State"]),
            )
            self.start()
        return self.wait(patience)
