"""The Ticketmaster Discovery API: every event of a window, provably."""

from sources.ticketmaster.client import DiscoveryClient
from sources.ticketmaster.crawl import ENTITIES, CrawlResult, crawl
from sources.ticketmaster.documents import count_records
from sources.ticketmaster.errors import (
    ApiUnreachable,
    BadRequest,
    DiscoveryError,
    InvalidApiKey,
    MalformedBody,
    NotFound,
    QuotaExceeded,
    RateLimited,
    ServerError,
    UnexpectedStatus,
)
from sources.ticketmaster.windows import Slice, observation, undated

__all__ = [
    "ENTITIES",
    "ApiUnreachable",
    "BadRequest",
    "CrawlResult",
    "DiscoveryClient",
    "DiscoveryError",
    "InvalidApiKey",
    "MalformedBody",
    "NotFound",
    "QuotaExceeded",
    "RateLimited",
    "ServerError",
    "Slice",
    "UnexpectedStatus",
    "count_records",
    "crawl",
    "observation",
    "undated",
]
