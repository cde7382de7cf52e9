"""`/__simulator/…`: the simulator's controls, which the real API does not have. They need no key and have no limit."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from .clock import parse_instant
from .oracle import expected

if TYPE_CHECKING:
    from .state import SimulatorState

_DEFAULT_COUNTRIES = "US,CA"
_DEFAULT_HORIZON_DAYS = 30


def admin_blueprint(state: SimulatorState) -> Blueprint:
    """The controls of one simulator."""
    admin = Blueprint("simulator", __name__, url_prefix="/__simulator")
    admin.add_url_rule("/clock", "clock", lambda: _clock(state), methods=["GET", "PUT"])
    admin.add_url_rule("/expected", "expected", lambda: _expected(state))
    admin.add_url_rule("/requests", "requests", lambda: jsonify(state.ledger.summary(_number("last", 0))))
    admin.add_url_rule("/faults", "faults", lambda: _faults(state), methods=["GET", "PUT", "POST"])
    admin.add_url_rule("/reset", "reset", lambda: _reset(state), methods=["POST"])
    admin.register_error_handler(ValueError, _bad_request)
    return admin


def _bad_request(problem: Exception) -> tuple[Response, int]:
    return jsonify({"error": str(problem)}), 400


def _number(name: str, default: int) -> int:
    return int(request.args.get(name, default))


def _clock(state: SimulatorState) -> Response:
    """GET returns the time. PUT `{"now": "2026-03-01T02:00:00Z"}` stops the clock; `{"now": null}` restarts it."""
    if request.method == "PUT":
        body = request.get_json(force=True)
        if not isinstance(body, dict) or "now" not in body:
            raise ValueError('send {"now": "YYYY-MM-DDTHH:MM:SSZ"}, or {"now": null} for real time')
        state.clock.set(None if body["now"] is None else parse_instant(str(body["now"])))
    return jsonify({"now": state.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"), "stands_still": state.clock.stands_still})


def _expected(state: SimulatorState) -> Response:
    """Result of a complete crawl. `countries` (US,CA), `start` (today 00:00Z), `end` (exclusive; start + 30 days)."""
    midnight = datetime.combine(state.clock.now().date(), time(), UTC)
    start = parse_instant(request.args["start"]) if "start" in request.args else midnight
    default_end = start + timedelta(days=_DEFAULT_HORIZON_DAYS)
    end = parse_instant(request.args["end"]) if "end" in request.args else default_end
    countries = request.args.get("countries", _DEFAULT_COUNTRIES).split(",")
    expectation = expected(state.world(), countries, start, end)
    ids = {
        name: sorted(getattr(expectation, name)) for name in ("dated", "tba", "tbd", "venues", "attractions", "shows")
    }
    return jsonify(
        {
            "counts": {"events": len(expectation.events)} | {name: len(entity_ids) for name, entity_ids in ids.items()},
            **ids,
        }
    )


def _faults(state: SimulatorState) -> Response:
    """GET returns all faults, and which are on. PUT `{"rate_storm": {"every": 9}, "drift": null}` switches them.

    PUT returns the faults that are on now, with their parameters. Both responses are indented, for people who use curl.
    """
    if request.method != "GET":
        state.faults.switch(request.get_json(force=True))
        return _readable({name: fault["on"] for name, fault in state.faults.report().items() if fault["on"]})
    return _readable(state.faults.report())


def _readable(value: object) -> Response:
    return Response(json.dumps(value, indent=2) + "\n", mimetype="application/json")


def _reset(state: SimulatorState) -> Response:
    """Resets counts, quota and interceptors."""
    state.reset()
    return jsonify({"reset": True})
