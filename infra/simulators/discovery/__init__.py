"""A local Discovery API v2: the same requests, responses, limits and oddities, over a generated world, with faults."""

from .limits import Limits
from .oracle import Expected
from .recorded import RecordedResponses
from .server import DiscoverySimulator
from .state import DEFAULT_API_KEY
from .universe import Universe

__all__ = ["DEFAULT_API_KEY", "DiscoverySimulator", "Expected", "Limits", "RecordedResponses", "Universe"]
