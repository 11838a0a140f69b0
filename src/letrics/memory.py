"""Memory of the C library: kept at hand where searches need it, given back where it is not needed.

A search of ten million records makes arrays and sets of some megabytes and drops them. Memory fresh from the system
comes page by page, each with an interrupt of 1 to 7 microseconds: a phrase in job titles met 960 of them, which took
half its time. glibc gives large pieces back as soon as they are free, and takes them anew.
"""

from __future__ import annotations

import ctypes
from collections.abc import Generator
from typing import Any, Final

HELD: Final = 64 << 20
"""Bytes that a process over a large index keeps at hand for what a search makes and drops; one over a smaller index
keeps"""
_SHARE: Final = 64
"""one byte in so many of the saved index. What is kept of the index itself is not more than"""
_KEPT: Final = 12
"""one byte in so many."""

# malloc.h of glibc
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_LARGEST: Final = 32 << 20
"""The most that glibc can be told to take from its heap. Larger pieces always come fresh."""
_NEVER: Final = (1 << 31) - 1
_PIECE: Final = 8 << 20
_STEP: Final = 256 << 10
"""So much is touched at a time, which takes the system 0.2 to 2 ms."""
_MADV_POPULATE_WRITE: Final = 23
_PAGE: Final = 4096


def at_hand(index_bytes: int, cache_bytes: int = 0) -> int:
    """How many bytes are to be at hand over a saved index of `index_bytes`, of which up to `cache_bytes` are kept."""
    return min(HELD, index_bytes // _SHARE) + min(cache_bytes, index_bytes // _KEPT)


def hold_memory(size: int) -> int:
    """Have `size` bytes at hand, and from now on give none back but by `trim_memory`; returns how many. To be called in
    the thread that searches, of a process that lasts: 64 MB take 10 ms. Does nothing without glibc or on a Linux before
    5.14."""
    steps = hold_in_steps(size)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            held: int = stop.value
            return held


def hold_in_steps(size: int) -> Generator[None, None, int]:
    """The same in steps, between which the thread may do something else."""
    libc: Any = ctypes.CDLL(None)
    if size < _PAGE or not hasattr(libc, "mallopt") or not hasattr(libc, "gnu_get_libc_version"):
        return 0
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST)
    libc.mallopt(_M_TRIM_THRESHOLD, _NEVER)
    pieces: list[int] = []
    try:
        for piece in [_PIECE] * (size // _PIECE) + [size % _PIECE]:
            if not (got := libc.malloc(piece)):
                break
            pieces.append(got)
            start, end = -(-got // _PAGE) * _PAGE, (got + piece) // _PAGE * _PAGE
            for at in range(start, end, _STEP):
                libc.madvise(at, min(_STEP, end - at), _MADV_POPULATE_WRITE)
                yield
    finally:
        for got in pieces:
            libc.free(got)
    return size


class _Mallinfo2(ctypes.Structure):
    """malloc.h of glibc 2.33 and later."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks",
                     "keepcost")
    ]  # fmt: skip


def _free_bytes(libc: Any) -> int | None:
    """Bytes that were freed and not given back; None where the C library cannot tell."""
    if not hasattr(libc, "mallinfo2"):
        return None
    libc.mallinfo2.restype = _Mallinfo2
    return int(libc.mallinfo2().fordblks)


def trim_memory(most: int = 0) -> bool:
    """Give memory that was freed back to the system, if it is more than `most` bytes; C libraries keep it otherwise.
    Returns whether any was. Nobody gets any meanwhile, for 0.1 s where it is half a gigabyte. Does nothing where the C
    library has no such call."""
    libc: Any = ctypes.CDLL(None)
    free = _free_bytes(libc)
    if not hasattr(libc, "malloc_trim") or (free is not None and free < most):
        return False
    return bool(libc.malloc_trim(ctypes.c_size_t(0)))
