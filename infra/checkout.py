"""Where the checkout is that this program runs from."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
