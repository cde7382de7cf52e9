"""`python -m infra.simulators.discovery`: serves the simulated API in the foreground until interrupted."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import threading
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import FrameType

from . import (
    DEFAULT_API_KEY,
    DiscoverySimulator,
    Limits,
    RecordedResponses,
    Universe,
)
from .clock import parse_instant
from .faults import FAULTS
from .universe import Source

HOSTS = ("127.0.0.1", "0.0.0.0")  # noqa: S104  the second only on request
_FAULTS_HELP = """\
It can be asked to fail, as the real API does, while it runs:
  curl ORIGIN/__simulator/faults                                                      what there is, and what is on
  curl -X PUT ORIGIN/__simulator/faults -d '{"rate_storm": {"every": 10}, "drift": {}}'       switch on
  curl -X PUT ORIGIN/__simulator/faults -d '{"rate_storm": null}'                             switch off
where ORIGIN is, for example, http://127.0.0.1:8090. The faults:
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        simulator = _simulator(options)
    except (ValueError, OSError) as problem:
        print(f"discovery simulator: {problem}", file=sys.stderr)
        return 2
    _serve(simulator, options.ready_file)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.simulators.discovery",
        description=__doc__,
        epilog=_FAULTS_HELP + "\n".join(f"  {name:<20} {kind.__doc__}" for name, kind in FAULTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", choices=HOSTS, default=HOSTS[0], help="0.0.0.0: every network of this machine (default: %(default)s)")
    add("--allow-host", action="append", default=[], metavar="NAME", help="a name that clients call it by (several)")
    add("--port", type=int, default=0, help="port (default: a free one)")
    add("--events", type=int, default=10_000, help="events that a 30-day crawl of US and CA finds, about")
    add("--seed", type=int, default=1, help="same seed, same world")
    add("--busiest-second", type=int, help="events at the busiest second of four weeks (default: events / 40)")
    add("--records", type=Path, nargs="+", help="serve these API pages or JSON Lines instead of a generated world")
    add("--api-key", default=DEFAULT_API_KEY, help="the key that is accepted (default: %(default)s)")
    rate = parser.add_mutually_exclusive_group()
    rate.add_argument("--rate", type=int, default=5, help="requests in any second (default: %(default)s)")
    rate.add_argument("--no-rate-limit", action="store_true", help="any number of requests a second")
    add("--quota", type=int, default=5000, help="requests in 24 hours (default: %(default)s)")
    add("--deep-paging", choices=("2024", "2026"), default="2026", help="2026 serves page*size = 1000, 2024 does not")
    add("--no-total-cap", action="store_true", help="report totals above 10,000 as they are")
    clock = parser.add_mutually_exclusive_group()
    clock.add_argument("--date", type=date.fromisoformat, help="stop the clock at this day, 00:00Z")
    clock.add_argument("--now", type=parse_instant, help="stop the clock at this instant, e.g. 2026-03-01T02:00:00Z")
    add("--faults", type=json.loads, default={}, help='switched on from the start, e.g. {"rate_storm": {"every": 10}}')
    add("--ready-file", type=Path, help="write the base URL here when ready")
    return parser


def _simulator(options: argparse.Namespace) -> DiscoverySimulator:
    source: Source
    if options.records:
        source = RecordedResponses.from_files(options.records)
    else:
        source = Universe(options.seed, options.events, options.busiest_second)
    limits = Limits(
        per_second=None if options.no_rate_limit else options.rate,
        per_day=options.quota,
        deep_paging=options.deep_paging,
        total_cap=None if options.no_total_cap else 10_000,
    )
    instant = datetime.combine(options.date, time(), UTC) if options.date else options.now
    simulator = DiscoverySimulator(
        source,
        options.port,
        api_key=options.api_key,
        limits=limits,
        now=instant,
        host=options.host,
        hosts=options.allow_host,
    )
    simulator.faults.switch(options.faults)
    return simulator


def _serve(simulator: DiscoverySimulator, ready_file: Path | None) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        # shutting down waits for the serving loop, which runs in this thread
        threading.Thread(target=simulator.stop, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    simulator.state.world()  # generate the first day now, so that the first request is not slower than others
    if ready_file is not None:
        partial = ready_file.with_suffix(".partial")
        partial.write_text(simulator.url)
        partial.replace(ready_file)
    print(f"discovery simulator ready at {simulator.url}", flush=True)
    simulator.serve()
    if ready_file is not None:
        with contextlib.suppress(FileNotFoundError):
            ready_file.unlink()


if __name__ == "__main__":
    sys.exit(main())
