"""What a repair passes on before it replaces or removes it."""

from __future__ import annotations

from collections.abc import Callable

SetAside = Callable[[str, int, bytes, str], None]
"""Takes the kind, num and document of a record that is damaged, and what is done with it."""
