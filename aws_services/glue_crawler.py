"""AWS Glue crawlers: they read files in S3 and write the Data Catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_services._session import asking, client
from aws_services._waiting import Patience, wait_until
from aws_services.errors import AlreadyRunning, CrawlFailed


class GlueCrawler:
    """One crawler, by name.

    Every method may raise `NotFound` (no such crawler), `AccessDenied`, `Throttled` or `ServiceUnreachable`.
    """

    def __init__(self, name: str, glue_client: Any = None) -> None:
        self.name = name
        self._client = glue_client or client("glue")

    def start(self) -> None:
        """Start a crawl. Raises AlreadyRunning."""
        with asking("StartCrawler", self.name):
            self._client.start_crawler(Name=self.name)

    def state(self) -> dict[str, Any]:
        """Glue's description of the crawler: `State` (READY, RUNNING, STOPPING), `LastCrawl`, `Targets`…"""
        with asking("GetCrawler", self.name):
            crawler: dict[str, Any] = self._client.get_crawler(Name=self.name)["Crawler"]
            return crawler

    def wait(self, patience: Patience) -> dict[str, Any]:
        """Wait until the crawler is ready again.

        Returns:
            Glue's description of the last crawl (`Status`, `LogGroup`…).

        Raises:
            CrawlFailed: the crawl failed.
            TimedOut: it is still running at the deadline.
        """
        crawler = wait_until(
            self.state,
            lambda crawler: crawler["State"] == "READY",
            patience,
            operation="crawl",
            resource=self.name,
            describe=lambda crawler: str(crawler["State"]),
        )
        return self._checked(crawler)

    def check(self) -> dict[str, Any]:
        """Glue's description of the last crawl. Raises CrawlFailed if that failed."""
        return self._checked(self.state())

    def _checked(self, crawler: Mapping[str, Any]) -> dict[str, Any]:
        last: dict[str, Any] = crawler.get("LastCrawl", {})
        if last.get("Status", "SUCCEEDED") != "SUCCEEDED":
            detail = f"{last['Status']}: {last.get('ErrorMessage', 'no message')}"
            raise CrawlFailed("crawl", self.name, detail)
        return last

    def run(self, patience: Patience | None = None) -> dict[str, Any]:
        """Crawl and wait. If a crawl is already running, wait for it first: it may have missed new files.

        Raises:
            CrawlFailed: the crawl failed.
            TimedOut: it is still running at the deadline (an hour, unless `patience` says otherwise).
        """
        patience = patience or Patience(deadline=3600)
        try:
            self.start()
        except AlreadyRunning:
            wait_until(
                self.state,
                lambda crawler: crawler["State"] == "READY",
                patience,
                operation="earlier crawl",
                resource=self.name,
                describe=lambda crawler: str(crawler["State"]),
            )
            self.start()
        return self.wait(patience)
