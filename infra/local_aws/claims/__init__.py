"""What the local AWS claims to do: the one list, which refuses calls, makes the tables of the docs, and is tested.

The principle: an answer that reports work must be true. A query, a run, an execution, an invocation, a delivery that
nobody carries out is refused. A thing that AWS would only record (a topic, an instance, a cluster) is recorded as moto
does, and the list says what does not stand behind it.
"""

from .refusing import Refusals
from .services import SERVICES, without_warehouse
from .types import Level, Refusal, Service

__all__ = ["SERVICES", "Level", "Refusal", "Refusals", "Service", "without_warehouse"]
