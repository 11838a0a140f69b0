"""The bitmap engine: for each field and value the set of `num`s that carry it, in memory, in every server process."""

from letrics.engines.bitmap.engine import BitmapEngine

__all__ = ["BitmapEngine"]
