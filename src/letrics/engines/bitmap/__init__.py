"""The bitmap engine: for each field and value, the set of record numbers as a Roaring bitmap, in every server
process."""

from letrics.engines.bitmap.engine import BitmapEngine

__all__ = ["BitmapEngine"]
