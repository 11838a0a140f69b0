"""Costs: few, each explained, and the only tunable numbers of the bitmap engine.

Every other number that a module of the engine names is listed here with its category. A threshold that was chosen by
measurement belongs in Costs, where tests can replace it.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from letrics.engines.bitmap.costs import DEFAULT_COSTS, Costs
from scripts.style.constants import check_numbers, field_sentences, is_sentence

ROOT = Path(__file__).parents[3]
ENGINE = ROOT / "src/letrics/engines/bitmap"
MODULES = sorted(path for path in ENGINE.rglob("*.py") if path.name != "costs.py")
MAX_COSTS = 15

FORMAT = "file format"
LAYOUT = "data structure layout"
LIMIT = "limit that users see"
RESOURCE = "resource limit"
SLICE = "time slice"

ALLOWED: dict[str, dict[str, str]] = {
    "engine.py": {"_MAX_NUM": LAYOUT, "_YIELD_SECONDS": SLICE},
    "columns/table.py": {"_MAX_NUMBER": LIMIT, "_MOST_LOGGED": LIMIT},
    "columns/term_dictionary.py": {"_SIGNATURE_BITS": FORMAT},
    "following/index_target.py": {"LARGE": RESOURCE, "QUIET_SECONDS": RESOURCE, "_BREATH": SLICE, "_SLICE": SLICE},
    "following/rebuilder.py": {"RETRY_SECONDS": RESOURCE},
    "following/saved_index.py": {"LAG": RESOURCE, "REFRESH_AFTER": RESOURCE, "SAVE_AFTER": RESOURCE},
    "index/index_check.py": {"_HASH_MASK": LAYOUT, "_MAX_REPORTED": LIMIT},
    "kernel/hash_table.py": {"_INITIAL_BITS": LAYOUT, "_MAX_LOAD": LAYOUT},
    "kernel/parallel.py": {"_MAX_THREADS": RESOURCE},
    "kernel/roaring.py": {
        "CONTAINER_SPAN": FORMAT,
        "MAX_ARRAY_CONTAINER": FORMAT,
        "_ALTERNATING_BYTE": LAYOUT,
        "_COOKIE": FORMAT,
    },
    "segment/range_index.py": {"_BUCKETS_PER_GROUP": FORMAT, "NO_RANK": FORMAT, "_BUCKETS_PER_STEP": FORMAT},
    "storage/bitmap_store.py": {"BITMAP_OVERHEAD_BYTES": LAYOUT, "DEFAULT_CACHE_BYTES": RESOURCE},
    "storage/composite_file.py": {"FORMAT": FORMAT, "_ALIGNMENT_BYTES": FORMAT, "_CHUNK_BYTES": SLICE},
    "suggest/completion.py": {"_MAX_VALUES_PER_LABEL": LIMIT},
    "suggest/deletion_filter.py": {
        "_BASE": FORMAT,
        "_BITS_PER_HASH": FORMAT,
        "_DOT": FORMAT,
        "_HASHES_PER_DOMAIN": LAYOUT,
        "_INVERSE": FORMAT,
        "_MIN_WORDS": LAYOUT,
        "_MIXED": FORMAT,
    },
    "suggest/existence_cache.py": {"_MAX_RECENT": RESOURCE},
    "suggest/unmatched.py": {"SUGGESTION_MS": LIMIT, "_MAX_SUGGESTED_VALUES": LIMIT},
    "text/forward_index.py": {"_SEPARATOR_CODE": LAYOUT},
    "text/ngram_index.py": {"_CHARACTER_BITS": FORMAT, "_WORD_BITS": FORMAT},
}
"""By module, the numbers that are not tunable, and why."""

SUGGESTION = (
    "make it a field of Costs if it was chosen by measurement, otherwise add it with its category to ALLOWED in"
    f" {Path(__file__).relative_to(ROOT)}"
)


def _not_allowed(path: Path, source: str, allowed: dict[str, str]) -> list[str]:
    return list(map(str, check_numbers(str(path.relative_to(ROOT)), source, allowed, SUGGESTION)))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_module_numeric_constants_have_a_category(path: Path) -> None:
    allowed = ALLOWED.get(str(path.relative_to(ENGINE)), {})
    assert _not_allowed(path, path.read_text("utf-8"), allowed) == []


def test_allowed_constants_exist_and_have_a_known_category() -> None:
    for module, names in ALLOWED.items():
        source = (ENGINE / module).read_text("utf-8")
        found = {line.partition(" is a number")[0].split()[-1] for line in _not_allowed(ENGINE / module, source, {})}
        assert found == set(names), f"{module} no longer has {set(names) - found}: remove it from ALLOWED"
        assert set(names.values()) <= {FORMAT, LAYOUT, LIMIT, RESOURCE, SLICE}


def test_new_constant_is_reported_with_file_line_and_hint() -> None:
    (found,) = _not_allowed(ENGINE / "kernel/arrays.py", '"""A module."""\n\n_MANY = 3 * 5\n"""Many."""\n', {})
    assert found.startswith("src/letrics/engines/bitmap/kernel/arrays.py:3: the constant _MANY is a number: make it")


def test_costs_has_few_fields_with_a_sentence_each() -> None:
    sentences = field_sentences((ENGINE / "costs.py").read_text("utf-8"), "Costs")
    assert list(sentences) == [field.name for field in fields(Costs)]
    assert len(sentences) <= MAX_COSTS
    assert [name for name, text in sentences.items() if text is None or not is_sentence(text)] == []


def test_costs_module_has_no_other_constant_numbers() -> None:
    source = (ENGINE / "costs.py").read_text("utf-8")
    assert _not_allowed(ENGINE / "costs.py", source, {}) == []


def test_costs_derived_sizes_are_at_least_one() -> None:
    assert (Costs(nums_per_step=1).texts_per_step, Costs(nums_per_step=1).documents_per_step) == (1, 1)
    assert DEFAULT_COSTS.bytes_per_block == 2 * DEFAULT_COSTS.nums_per_step
