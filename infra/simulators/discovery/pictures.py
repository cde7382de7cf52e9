"""The ten or so pictures of every event and attraction, which are a third of a page's size."""

from __future__ import annotations

from . import dice

_SIZES = (
    ("ARTIST_PAGE_3_2", "3_2", 305, 203),
    ("CUSTOM", "4_3", 305, 225),
    ("EVENT_DETAIL_PAGE_16_9", "16_9", 205, 115),
    ("RECOMENDATION_16_9", "16_9", 100, 56),  # the API's own spelling
    ("RETINA_PORTRAIT_3_2", "3_2", 640, 427),
    ("TABLET_LANDSCAPE_16_9", "16_9", 1024, 576),
    ("RETINA_LANDSCAPE_16_9", "16_9", 1136, 639),
    ("TABLET_LANDSCAPE_3_2", "3_2", 1024, 683),
    ("RETINA_PORTRAIT_16_9", "16_9", 640, 360),
    ("TABLET_LANDSCAPE_LARGE_16_9", "16_9", 2048, 1152),
)
_HOST = "https://images.ticketmaster.example/dam"


def images(owner: str, fallback: bool = False) -> list[dict[str, object]]:
    """The pictures of `owner`. Every thirtieth owner has an eleventh one without a ratio."""
    path = f"{_HOST}/{'c' if fallback else 'a'}/{dice.uuid_text('picture', owner)}"
    pictures: list[dict[str, object]] = [
        {"ratio": ratio, "url": f"{path}_{name}.jpg", "width": width, "height": height, "fallback": fallback}
        for name, ratio, width, height in _SIZES
    ]
    if dice.number("source picture", owner) % 30 == 0:
        pictures.append({"url": f"{path}_SOURCE", "width": 2426, "height": 1365, "fallback": fallback})
    return pictures
