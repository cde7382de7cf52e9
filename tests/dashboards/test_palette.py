"""Every reader can see the colours, and tell them apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from dashboards.palette import CATEGORICAL, DARK_BACKGROUND, LIGHT_BACKGROUND, SEQUENTIAL

_LEAST_CONTRAST = 3  # WCAG 2.2, criterion 1.4.11
_LEAST_DISTANCE = 0.08
"""In Oklab. A difference that is just noticeable is about 0.02."""

_SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "deuteranopia": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "tritanopia": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
"""How linear RGB is seen: Machado, Oliveira and Fernandes (2009), severity 1."""

_TO_CONES = np.array(
    [[0.41222147, 0.53633254, 0.05144599], [0.21190350, 0.68069955, 0.10739696], [0.08830246, 0.28171884, 0.62997870]]
)
_TO_OKLAB = np.array(
    [
        [0.21045426, 0.79361778, -0.00407205],
        [1.97799850, -2.42859220, 0.45059371],
        [0.02590404, 0.78277177, -0.80867577],
    ]
)


def _linear(color: str) -> np.ndarray:
    values = np.array([int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _luminance(color: str) -> float:
    return float(_linear(color) @ [0.2126, 0.7152, 0.0722])


def _contrast(first: str, second: str) -> float:
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _oklab(color: str, sight: str) -> np.ndarray:
    return _TO_OKLAB @ np.cbrt(_TO_CONES @ np.clip(_SIGHT[sight] @ _linear(color), 0, 1))


@pytest.mark.parametrize("background", [LIGHT_BACKGROUND, DARK_BACKGROUND])
@pytest.mark.parametrize("color", CATEGORICAL)
def test_colors_contrast_with_both_backgrounds(color: str, background: str) -> None:
    assert _contrast(color, background) >= _LEAST_CONTRAST


@pytest.mark.parametrize("sight", _SIGHT)
def test_colors_stay_apart_for_readers_who_are_color_blind(sight: str) -> None:
    distances = {
        pair: float(np.linalg.norm(_oklab(pair[0], sight) - _oklab(pair[1], sight)))
        for pair in combinations(CATEGORICAL, 2)
    }
    closest = min(distances, key=distances.__getitem__)
    assert distances[closest] >= _LEAST_DISTANCE, closest


def test_more_is_darker() -> None:
    luminances = [_luminance(color) for color in SEQUENTIAL]
    assert luminances == sorted(luminances, reverse=True)
