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
    """Uses HTTP/1.1, so that responses are chunked as the API's are. Logs nothing, because the ledger has the log."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Logs nothing: a request line contains the key."""


class DiscoverySimulator:
    """A local Discovery API.

    ::

        with DiscoverySimulator(Universe(seed=1, events=500), now=datetime(2026, 3, 1, 2, tzinfo=UTC)) as simulator:
            requests.get(f"{simulator.url}/events.json", params={"apikey": simulator.api_key, "countryCode": "US"})

    Args:
        source: provides each day's world, a `Universe` or `RecordedResponses`.
        port: 0 chooses a free one.
        api_key: the only accepted key.
        limits: rate, quota, paging depth and total cap; by default the API's own.
        now: the time at which the clock is stopped (time zone aware); None for real time.
        host: the address to listen on: 127.0.0.1, or 0.0.0.0 for every network of this machine.
        hosts: names that clients may use for it, besides those of the loopback.

    Raises:
        OSError: the port is in use.
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
        """Scheme, host and port. The controls are under `/__simulator/` here."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The API's base URL for a client. It ends in `/discovery/v2`."""
        return self.origin + PREFIX

    @property
    def api_key(self) -> str:
        """The accepted key."""
        return self.state.api_key

    @property
    def clock(self) -> Clock:
        """Its clock."""
        return self.state.clock

    @property
    def requests(self) -> Ledger:
        """The requests so far."""
        return self.state.ledger

    @property
    def faults(self) -> Faults:
        """Its faults: `simulator.faults.switch_on("rate_storm", every=10)`."""
        return self.state.faults

    @property
    def interceptors(self) -> Interceptors:
        """The interceptors, where you can add your own faults."""
        return self.state.interceptors

    def expected(
        self,
        countries: Collection[str] = ("US", "CA"),
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Expected:
        """The result of a complete crawl of today's world in [start, end); by default the next 30 days, UTC."""
        window_start = start or datetime.combine(self.clock.now().date(), time(), UTC)
        return expected(self.state.world(), countries, window_start, end or window_start + timedelta(days=30))

    def start(self) -> DiscoverySimulator:
        """Serves in a separate thread."""
        self._thread = threading.Thread(target=self.serve, name="discovery-simulator", daemon=True)
        self._thread.start()
        return self

    def serve(self) -> None:
        """Serves in this thread until another thread calls `stop`."""
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Stops serving and frees the port."""
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
