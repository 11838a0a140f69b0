"""Domains of companies: invented, and the same for the same number, so that contacts can refer to their company."""

from __future__ import annotations

from typing import Final

import numpy as np

from benchmarks.data.draws import Ints

ENDINGS: Final = (
    "com", "de", "co.uk", "org", "net", "io", "fr", "nl", "com.au", "co.jp", "it", "es", "ca", "ch", "se", "com.br",
    "in", "eu", "pl", "app", "ai", "biz", "info", "us", "xn--p1ai", "tech", "cn", "co", "at", "dk",
)  # fmt: skip
_SPREAD: Final = 2_654_435_761


def domain(number: int) -> str:
    share = number * _SPREAD % 2**32 / 2**32
    return f"company-{number}.{ENDINGS[int(share**3 * len(ENDINGS))]}"


def domains(numbers: Ints) -> list[str]:
    """The domain of each number, many times faster than one by one."""
    shares = numbers * _SPREAD % 2**32 / 2**32
    ends = (shares**3 * len(ENDINGS)).astype(np.int64).tolist()
    return [f"company-{number}.{ENDINGS[end]}" for number, end in zip(numbers.tolist(), ends, strict=True)]
