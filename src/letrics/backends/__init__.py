"""Back ends: the store and the engine that the settings choose. Nothing else in the program names their classes."""

from letrics.backends.base import HomeBackends
from letrics.backends.factory import open_backends

__all__ = ["HomeBackends", "open_backends"]
