"""The Discovery API v2 itself: `/discovery/v2/…`, according to the documentation and recordings."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Iterator

from flask import Blueprint, Flask, Response, g, request

from . import dice, errors
from .admin import admin_blueprint
from .entities import Attraction, Event, Venue
from .errors import ApiError
from .hal import page_body, self_href
from .ledger import RequestRecord
from .query import Query
from .search import Entity, check_dates
from .state import SimulatorState
from .taxonomy import term_body
from .world import World

PREFIX = "/discovery/v2"
_CHUNK_BYTES = 65_536
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "origin, x-requested-with, accept",
    "Access-Control-Allow-Methods": "GET, PUT, POST, DELETE",
    "Access-Control-Max-Age": "3628800",
}
_SUGGEST_SIZE = 5
_ALIASED_SHARE = 25  # one event in so many is called otherwise by its images
_TERM_LEVELS = {
    "segments": ("segments", "genres", "subgenres"),
    "genres": ("genres", "subgenres"),
    "subgenres": ("subgenres",),
    "types": ("types", "subtypes"),
    "subtypes": ("subtypes",),
}


def create_app(state: SimulatorState) -> Flask:
    """The WSGI application of one simulator."""
    app = Flask("discovery-simulator")
    app.url_map.strict_slashes = False
    app.register_blueprint(_api_blueprint(state))
    app.register_blueprint(admin_blueprint(state))
    return app


def _api_blueprint(state: SimulatorState) -> Blueprint:
    api = Blueprint("discovery", __name__, url_prefix=PREFIX)
    for collection in ("events", "venues", "attractions", "classifications"):
        for suffix in ("", ".json"):
            api.add_url_rule(f"/{collection}{suffix}", f"{collection}{suffix[1:]}", _searcher(state, collection))
    for suffix in ("", ".json"):
        api.add_url_rule(f"/suggest{suffix}", f"suggest{suffix[1:]}", lambda: _suggest(state))
        api.add_url_rule(f"/events/<entity_id>/images{suffix}", f"images{suffix[1:]}", _detail(state, _images))
    api.add_url_rule("/events/<entity_id>", "event", _detail(state, _event))
    api.add_url_rule("/venues/<entity_id>", "venue", _detail(state, _venue))
    api.add_url_rule("/attractions/<entity_id>", "attraction", _detail(state, _attraction))
    api.add_url_rule("/classifications/<entity_id>", "classification", _detail(state, _classification))
    for level in _TERM_LEVELS:
        api.add_url_rule(f"/classifications/{level}/<entity_id>", level, _detail(state, _term(level)))
    api.before_request(lambda: _admit(state))
    api.after_request(lambda response: _account(state, response))
    api.register_error_handler(ApiError, _refuse)
    return api


def _admit(state: SimulatorState) -> Response | None:
    """Interceptors, then the key, then the limits, in the gateway's order."""
    g.arrived = time.monotonic()
    g.weight = 0
    for intercept in list(state.interceptors.before):
        response = intercept(request)
        if response is not None:
            return response
    key = request.args.get("apikey")
    if not key:
        raise errors.missing_key()
    if key != state.api_key:
        raise errors.wrong_key()
    g.rate_headers = state.gate.enter(key)
    return None


def _account(state: SimulatorState, response: Response) -> Response:
    """Runs interceptors, then records the request."""
    for intercept in list(state.interceptors.after):
        response = intercept(request, response)
    record = RequestRecord(
        at=g.arrived,
        path=request.path,
        query=tuple((name, value) for name, value in request.args.items(multi=True) if name != "apikey"),
        status=response.status_code,
        error=g.get("error_code"),
        bytes=g.weight,
        seconds=round(time.monotonic() - g.arrived, 4),
    )
    state.ledger.record(record)
    return response


def _refuse(refusal: ApiError) -> Response:
    """An error response: no rate headers, no compression."""
    error = refusal.body.get("errors") or [refusal.body.get("fault")]
    g.error_code = json.dumps(error).split('ode": "')[1].split('"')[0]
    body = json.dumps(refusal.body)
    g.weight = len(body)
    return Response(body, refusal.http_status, refusal.headers, content_type="application/json;charset=utf-8")


def _query(endpoint: str) -> Query:
    return Query(endpoint, tuple(request.args.items(multi=True)))


def _searcher(state: SimulatorState, collection: str) -> Callable[[], Response]:
    def search() -> Response:
        query = _query(collection)
        page, size = query.paging()
        state.limits.check_page(page, size)
        query.sort()
        check_dates(query)
        search = state.search()
        results = search.find(query, page)
        page_entities = results[page * size : (page + 1) * size]
        bodies = [_body(search.world, entity) for entity in page_entities]
        total = state.limits.reported(len(results))
        return _ok(page_body(request.path, query, collection, bodies, page, size, total), query)

    return search


def _body(world: World, entity: Entity) -> bytes:
    if isinstance(entity, Event):
        return world.bodies.event(entity)
    if isinstance(entity, Venue):
        return world.bodies.venue(entity)
    if isinstance(entity, Attraction):
        return world.bodies.attraction(entity)
    return entity.body


def _suggest(state: SimulatorState) -> Response:
    """The first few entities of each kind. There is no `page`, and no key for kinds without results."""
    query = _query("suggest")
    _, size = query.paging(default_size=_SUGGEST_SIZE)
    size = max(1, min(size, _SUGGEST_SIZE))
    search = state.search()
    bodies_by_kind: dict[str, list[str]] = {}
    for kind in ("attractions", "venues", "events"):
        scope = query if kind == "events" else Query(kind, query.pairs)
        bodies = [_body(search.world, entity).decode() for entity in search.find(scope, 0)[:size]]
        if bodies:
            bodies_by_kind[kind] = bodies
    links = json.dumps({"self": {"href": self_href(request.path, query)}})
    embedded = ", ".join(f'"{kind}": [{", ".join(bodies)}]' for kind, bodies in bodies_by_kind.items())
    head = f'"_embedded": {{{embedded}}}, ' if bodies_by_kind else ""
    return _ok(f'{{{head}"_links": {links}}}'.encode(), query)


Finder = Callable[[World, str], bytes | None]


def _detail(state: SimulatorState, find: Finder) -> Callable[[str], Response]:
    def detail(entity_id: str) -> Response:
        query = _query("details")
        plain_id = entity_id.removesuffix(".json")
        body = find(state.world(), plain_id)
        if body is None:
            raise errors.not_found(query.one("locale") or "en-us", plain_id)
        return _ok(body, query)

    return detail


def _event(world: World, event_id: str) -> bytes | None:
    event = world.event(event_id)
    return None if event is None else world.bodies.event(event)


def _venue(world: World, venue_id: str) -> bytes | None:
    venue = world.venues.get(venue_id)
    return None if venue is None else world.bodies.venue(venue)


def _attraction(world: World, attraction_id: str) -> bytes | None:
    attraction = world.attractions.get(attraction_id)
    return None if attraction is None else world.bodies.attraction(attraction)


def _images(world: World, event_id: str) -> bytes | None:
    """An event's pictures. Some events have a different id here, as one did in the recordings."""
    event = world.event(event_id)
    if event is None:
        return None
    aliased = dice.number("alias", event_id) % _ALIASED_SHARE == 0
    shown_id = dice.identifier("Z1lM", 16, "alias", event_id) if aliased else event_id
    body = {
        "type": "event",
        "id": shown_id,
        "images": json.loads(world.bodies.event(event)).get("images", []),
        "_links": {"self": {"href": f"{PREFIX}/events/{shown_id}/images?locale={event.locale}"}},
    }
    return json.dumps(body).encode()


def _classification(world: World, term_id: str) -> bytes | None:
    """The segment or type with this id, or the one that contains the genre, subgenre or subtype with it."""
    for element in world.classifications:
        if element.id == term_id:
            return element.body
    needle = f'"id": "{term_id}"'.encode()
    return next((element.body for element in world.classifications if needle in element.body), None)


def _term(level: str) -> Finder:
    def find(world: World, term_id: str) -> bytes | None:
        term = world.levels.get(level, {}).get(term_id)
        return None if term is None else json.dumps(term_body(term, _TERM_LEVELS[level])).encode()

    return find


def _ok(body: bytes, query: Query) -> Response:
    """A 200: chunked, gzip if the client accepts it, with the remaining quota and the unknown parameters."""
    g.weight = len(body)
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(_gzip(body) if zipped else _chunks(body), status=200)
    # recorded: clients that accept any type got HAL's own type
    hal = request.headers.get("Accept") == "*/*"
    response.headers["Content-Type"] = f"application/{'hal+json' if hal else 'json'};charset=utf-8"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers.update(_CORS)
    response.headers.update(g.get("rate_headers", {}))
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    for name in query.unknown():
        response.headers.add("X-Unknown-Params", name)
    return response


def _chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _CHUNK_BYTES):
        yield body[start : start + _CHUNK_BYTES]


def _gzip(body: bytes) -> Iterator[bytes]:
    packer = zlib.compressobj(level=1, wbits=31)
    for chunk in _chunks(body):
        yield packer.compress(chunk)
    yield packer.flush()
