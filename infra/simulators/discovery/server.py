"""The simulator as a running server: in a thread for tests, in the foreground for the command line."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time, timedelta
from types import TracebackType

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from same_origin import WsgiGuard

from .app import PREFIX, create_app
from .clock import Clock
from .faults import Faults
from .interceptors import Interceptors
from .ledger import Ledger
from .limits import Limits
from .oracle import Expected, expected
from .state import DEFAULT_API_KEY, SimulatorState
from .universe import Source


class _Handler(WSGIRequestHandler):
    """HTTP/1.1, so that answers are chunked as the API's are; and quiet, as the ledger keeps the log."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: a request line contains the key."""


class DiscoverySimulator:
    """A local Discovery API.

    ::

        with DiscoverySimulator(Universe(seed=1, events=500), now=datetime(2026, 3, 1, 2, tzinfo=UTC)) as simulator:
            requests.get(f"{simulator.url}/events.json", params={"apikey": simulator.api_key, "countryCode": "US"})

    Args:
        source: where each day's world comes from, a `Universe` or `RecordedResponses`.
        port: 0 chooses a free one.
        api_key: the only key that is accepted.
        limits: rate, quota, paging depth and total cap; the API's own by default.
        now: where the clock stands (time zone aware); None for real, moving time.
        host: where it listens: 127.0.0.1, or 0.0.0.0 for every network of this machine.
        hosts: names that clients may call it by, besides those of the loopback.

    Raises:
        OSError: the port is taken.
    """

    def __init__(
        self,
        source: Source,
        port: int = 0,
        *,
        api_key: str = DEFAULT_API_KEY,
        limits: Limits | None = None,
        now: datetime | None = None,
        host: str = "127.0.0.1",
        hosts: Iterable[str] = (),
    ) -> None:
        self.state = SimulatorState(source, Clock(now), limits or Limits(), api_key)
        self._server: BaseWSGIServer = make_server(
            host, port, WsgiGuard(create_app(self.state), hosts), threaded=True, request_handler=_Handler
        )
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._server.port

    @property
    def origin(self) -> str:
        """Scheme, host and port: the controls are under `/__simulator/` here."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """What a client takes for the API's base URL: it ends in `/discovery/v2`."""
        return self.origin + PREFIX

    @property
    def api_key(self) -> str:
        """The key that it accepts."""
        return self.state.api_key

    @property
    def clock(self) -> Clock:
        """Its clock."""
        return self.state.clock

    @property
    def requests(self) -> Ledger:
        """What it was asked so far."""
        return self.state.ledger

    @property
    def faults(self) -> Faults:
        """Its faults: `simulator.faults.switch_on("rate_storm", every=10)`."""
        return self.state.faults

    @property
    def interceptors(self) -> Interceptors:
        """Where faults of one's own can be put."""
        return self.state.interceptors

    def expected(
        self,
        countries: Collection[str] = ("US", "CA"),
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Expected:
        """What a complete crawl of today's world must find in [start, end); by default the next 30 days, UTC."""
        first = start or datetime.combine(self.clock.now().date(), time(), UTC)
        return expected(self.state.world(), countries, first, end or first + timedelta(days=30))

    def start(self) -> DiscoverySimulator:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(target=self.serve, name="discovery-simulator", daemon=True)
        self._thread.start()
        return self

    def serve(self) -> None:
        """Serve in this thread until `stop` is called from another."""
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        if self._thread is not None:
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> DiscoverySimulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
