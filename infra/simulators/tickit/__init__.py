"""A stand-in for the public TICKIT files: a made-up year of ticket resale, in the published formats, flaws and all.

Everything is a function of a seed and a scale. The quirks of the real files are there, in the same numbers: whoever
loads these without losing or inventing a dollar can load those.
"""

from .files import FILES, write_files

__all__ = ["FILES", "write_files"]
