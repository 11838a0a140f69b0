"""Memory of the C library: kept at hand where searches need it, given back where it is not needed.

A search of ten million records makes arrays and sets of some megabytes and drops them. Memory fresh from the system
comes page by page, each with an interrupt of 1 to 7 microseconds: a phrase in job titles met 960 of them, which took
half its time. glibc gives large pieces back as soon as they are free, and takes them anew.
"""

from __future__ import annotations

import ctypes
from typing import Any, Final

HELD: Final = 64 << 20
"""Bytes that a process over a large index keeps at hand; one over a smaller index keeps"""
_SHARE: Final = 64
"""one byte in so many of the saved index."""

# malloc.h of glibc
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_LARGEST: Final = 32 << 20
"""The most that glibc can be told to take from its heap. Larger pieces always come fresh."""
_PIECE: Final = _LARGEST - (1 << 16)
_MADV_POPULATE_WRITE: Final = 23
_PAGE: Final = 4096


def hold_memory(index_bytes: int) -> int:
    """Have memory for searches at hand, in proportion to a saved index of `index_bytes`; returns how much. To be called
    in the thread that searches, of a process that lasts: it takes 10 ms. Does nothing without glibc or on a Linux
    before 5.14."""
    held = min(HELD, index_bytes // _SHARE)
    libc: Any = ctypes.CDLL(None)
    if held < _PAGE or not hasattr(libc, "mallopt") or not hasattr(libc, "gnu_get_libc_version"):
        return 0
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST)
    libc.mallopt(_M_TRIM_THRESHOLD, 4 * HELD)
    pieces = []
    for size in [_PIECE] * (held // _PIECE) + [held % _PIECE]:
        piece = libc.malloc(size)
        if piece:
            start = -(-piece // _PAGE) * _PAGE
            libc.madvise(start, max(0, piece + size - start) // _PAGE * _PAGE, _MADV_POPULATE_WRITE)
            pieces.append(piece)
    for piece in pieces:
        libc.free(piece)
    return held


def trim_memory(held: int = HELD) -> None:
    """Give memory that was freed back to the system, all but `held` bytes; C libraries keep it otherwise. Does nothing
    where the C library has no such call."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(ctypes.c_size_t(held))
