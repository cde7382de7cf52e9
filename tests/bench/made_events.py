"""Input for the benchmarks: pages of made-up events as the Discovery API sends them, any number of them, at any size.

A simulated universe gives a few thousand different events; further ones are those again under new ids. The pages are on
disk, so that the process that is measured holds one at a time.

They weigh about what real ones do: 7.9 kB an event, without white space, 1.6 MB a page. Two answers of the API that
were recorded in 2025 have 6.3 kB an event (a team's games) and 10.4 kB (concerts), 7.3 kB over all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count, islice
from pathlib import Path

import msgspec

from infra.simulators.discovery import Universe

DAY = date(2026, 3, 2)
PAGE = 200
_STAMP = b"~~~~"  # of an event's id, where its copies differ; as in base64, no id of the API's holds it


class MadeEvents:
    """Pages of 200 events.

    Args:
        folder: where the pages are kept, made when it is empty.
        different: events that are not copies of others.
    """

    def __init__(self, folder: Path, different: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            world = Universe(seed=1, events=different).on(DAY)
            bodies = (self._template(event.id, world.bodies.event(event)) for event in world.events)
            for number in range(different // PAGE):
                (folder / f"{number:05d}.json").write_bytes(page(list(islice(bodies, PAGE))))

    @staticmethod
    def _template(identity: str, body: bytes) -> bytes:
        return msgspec.json.format(body, indent=-1).replace(identity.encode(), identity[:-4].encode() + _STAMP)

    def files(self, events: int, folder: Path) -> list[Path]:
        """The pages as files in an empty folder."""
        paths = []
        for name, body in self.pages(events):
            paths.append(folder / name.removeprefix("s3://lake/").replace("/", "-"))
            paths[-1].write_bytes(body)
        return paths

    def pages(self, events: int) -> Iterator[tuple[str, bytes]]:
        """Name and body of each page."""
        paths = sorted(self.folder.iterdir())
        endless = ((number, path) for number in count() for path in paths)
        for number, path in islice(endless, events // PAGE):
            yield f"s3://lake/{number:04d}/{path.name}", path.read_bytes().replace(_STAMP, b"%04d" % number)


def page(bodies: list[bytes]) -> bytes:
    """A page of the API that holds some events."""
    return b'{"_embedded":{"events":[%s]},"page":{"size":200,"totalElements":%d,"number":0}}' % (
        b",".join(bodies),
        len(bodies),
    )
