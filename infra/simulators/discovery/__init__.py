"""A local Discovery API v2: same requests, answers, limits and oddities, over a world of its own, in any weather."""

from infra.simulators.discovery.limits import Limits
from infra.simulators.discovery.oracle import Expected
from infra.simulators.discovery.recorded import RecordedResponses
from infra.simulators.discovery.server import DiscoverySimulator
from infra.simulators.discovery.state import DEFAULT_API_KEY
from infra.simulators.discovery.universe import Universe

__all__ = ["DEFAULT_API_KEY", "DiscoverySimulator", "Expected", "Limits", "RecordedResponses", "Universe"]
