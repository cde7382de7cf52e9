"""A stand-in for the public TICKIT files: a made-up year of ticket resale, in the published formats.

Everything is a function of a seed and a scale. On request, the files have the quirks of the real ones, with the same
frequency. If you can load those without losing or inventing a dollar, you can load the real ones.
"""

from .files import FILES, write_files

__all__ = ["FILES", "write_files"]
