"""A local Discovery API v2: the same requests, answers, limits and oddities, over a world of its own, with faults."""

from .limits import Limits
from .oracle import Expected
from .recorded import RecordedResponses
from .server import DiscoverySimulator
from .state import DEFAULT_API_KEY
from .universe import Universe

__all__ = ["DEFAULT_API_KEY", "DiscoverySimulator", "Expected", "Limits", "RecordedResponses", "Universe"]
