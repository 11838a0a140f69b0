"""The parts of the bitmap engine, each against the plainest way to say the same."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.columns.list_column import ListColumn
from letrics.engines.bitmap.columns.term_dictionary import TermDictionary
from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.kernel.arrays import expand_ranges, to_array, to_bitmap
from letrics.engines.bitmap.kernel.roaring import (
    bitmap_of_sorted,
    bitmap_to_mask,
    bitmap_to_mask_in_steps,
    deserialize,
    serialize_mask,
    serialize_nums,
    union,
)
from letrics.engines.bitmap.segment.hash_index import HashIndex, hash_texts
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from letrics.engines.bitmap.storage.composite_file import CorruptFile, Plain, read_composite_file, write_composite_file
from letrics.engines.bitmap.text.forward_index import ForwardIndex
from letrics.engines.bitmap.text.ngram_index import NgramIndex
from letrics.engines.bitmap.text.text_index import TextIndex
from letrics.engines.bitmap.text.word_dictionary import WordDictionary
from letrics.normalize.text import fold
from tests.engines.steps import ended


def test_runs_are_the_indices_of_each_run() -> None:
    assert expand_ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert expand_ranges(np.zeros(0), np.zeros(0)).tolist() == []


def test_a_column_grows_and_keeps_what_it_held() -> None:
    column = Column(np.int32, fill=-1)
    column.grow(3)
    column.put(np.array([1]), 7)
    column.grow(1000)
    assert column.part(0, 4).tolist() == [-1, 7, -1, -1]
    assert column.append(np.array([4, 5])) == 1000
    assert len(column) == 1002


@given(st.integers(0, 5), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 99)), max_size=9))
def test_a_column_over_an_array_reads_and_writes_on_both_sides_of_its_end(
    base: int, writes: list[tuple[int, int]]
) -> None:
    column = Column(np.int64, fill=-1, data=np.arange(base))
    column.grow(12)
    plain = [*range(base), *[-1] * (12 - base)]
    for at, value in writes:
        plain[at] = value
    last = dict(writes)
    column.put(np.array(list(last), dtype=np.int64), list(last.values()))
    assert column.whole().tolist() == plain
    assert column.take(np.arange(11, -1, -1)).tolist() == plain[::-1]
    assert column.part(base // 2, 9).tolist() == plain[base // 2 : 9]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 50)), max_size=80), st.integers(1, 5))
def test_postings_answer_as_a_dictionary_of_sets(pairs: list[tuple[int, int]], dense_from: int) -> None:
    plain: dict[int, set[int]] = {}
    for id_, num in pairs:
        plain.setdefault(id_, set()).add(num)
    distinct = sorted({(id_, num) for id_, num in pairs})
    ids = np.array([id_ for id_, _ in distinct], dtype=np.uint32)
    nums = np.array([num for _, num in distinct], dtype=np.uint32)
    order = np.random.default_rng(1).permutation(len(ids))
    postings = Postings.of_pairs(
        ids[order], nums[order], BitmapCache(), replace(DEFAULT_COSTS, min_bitmap_nums=dense_from)
    )
    for id_ in range(8):
        assert set(postings.get(id_)) == plain.get(id_, set())
    asked = np.array([1, 3, 5, 7], dtype=np.uint32)
    assert set(postings.union(asked)) == set().union(*(plain.get(id_, set()) for id_ in (1, 3, 5, 7)))
    assert postings.count(asked) == sum(len(plain.get(id_, ())) for id_ in (1, 3, 5, 7))
    assert postings.existing(asked).tolist() == [id_ for id_ in (1, 3, 5, 7) if id_ in plain]


def test_times_between_any_two_moments_across_all_levels() -> None:
    generator = random.Random(3)
    count = 300_000
    values = np.array([generator.choice((7, generator.randrange(50_000))) for _ in range(count)], dtype=np.int64)
    nums = np.arange(count, dtype=np.uint32)
    index = RangeIndex.of(nums, values, to_bitmap(nums), BitmapCache(), DEFAULT_COSTS)
    assert len(index.since) == 2 and len(index.rests) == 10 and len(index.buckets) == 37
    for _ in range(60):
        low = generator.choice((None, 7, 6, 8, generator.randrange(-10, 50_010)))
        high = generator.choice((None, 7, 6, 8, generator.randrange(-10, 50_010)))
        inside = np.ones(count, np.bool_)
        if low is not None:
            inside &= values >= low
        if high is not None:
            inside &= values <= high
        assert index.between(low, high) == to_bitmap(nums[inside])
        assert index.count(low, high) == int(inside.sum())


TEXTS = st.text(alphabet="ab c+.éßﬁ管理ทำ/ ", max_size=12)


@given(st.lists(TEXTS, max_size=12), st.lists(TEXTS, max_size=12), TEXTS)
def test_needles_find_what_contains_them(first: list[str], later: list[str], needle: str) -> None:
    forward_index = ForwardIndex()
    first_ids = forward_index.ids_of(first)
    index = TextIndex(forward_index, DEFAULT_COSTS)
    ids = [*first_ids.tolist(), *forward_index.ids_of(later).tolist()]
    index = TextIndex(forward_index, DEFAULT_COSTS, index)
    wanted = fold(needle)
    if not wanted:
        return
    found = index.resolve(wanted)
    hit = set(found.ids.tolist())
    if found.by_word:
        codes, places = forward_index.codes_of(np.arange(len(forward_index), dtype=np.uint32))
        hit = {int(place) for code, place in zip(codes, places, strict=True) if int(code) >> 1 in hit}
    assert hit == {id_ for id_, text in zip(ids, first + later, strict=True) if wanted in fold(text)}
    if found.by_word:
        assert set(index.texts_of_words(found.ids).tolist()) == hit


@given(
    st.lists(st.text(alphabet="abc管é", min_size=1, max_size=5), unique=True, max_size=9),
    st.text("abc管é", min_size=1, max_size=3),
)
def test_words_containing_beginning_and_ending(words: list[str], piece: str) -> None:
    listed = NgramIndex(words, 10)

    def naive(test: object) -> list[int]:
        return [at + 10 for at, word in enumerate(words) if test(word)]  # type: ignore[operator]

    assert listed.containing(piece).tolist() == naive(lambda word: piece in word)
    assert listed.containing(f"\n{piece}").tolist() == naive(lambda word: word.startswith(piece))
    assert listed.containing(f"{piece}\n").tolist() == naive(lambda word: word.endswith(piece))
    assert listed.containing(f"\n{piece}\n").tolist() == naive(lambda word: word == piece)


def test_a_list_of_words_gives_them_back_and_can_be_saved() -> None:
    words = ["manager", "經理", "ab", "x"]
    listed = NgramIndex(words)
    again = NgramIndex.restore(listed.text, listed.pieces, listed.order, listed.reverse)
    assert list(listed) == list(again) == words
    assert again.containing("理").tolist() == [1] and again.containing("a").tolist() == [0, 2]
    assert list(NgramIndex(())) == []


def test_words_near_one_are_those_that_share_most_of_it() -> None:
    listed = NgramIndex(["manager", "managers", "engineer", "vp"])
    assert sorted(listed.near("manger"), reverse=True)[0][1] == "manager"
    assert list(listed.near("zzzz")) == [] and list(listed.near("")) == []


def test_a_lexicon_keeps_its_ids_when_it_settles() -> None:
    lexicon = WordDictionary()
    ids = lexicon.ids_of(("b", "a", "b", "c"))
    lexicon.settle()
    assert lexicon.ids_of(("b", "a", "b", "c", "d")) == [*ids, 3] == [0, 1, 0, 2, 3]
    assert list(lexicon) == ["b", "a", "c", "d"] and lexicon.since(2) == ["c", "d"]
    assert lexicon.find(["d", "unknown", "a"]).tolist() == [1, 3]


def test_common_pieces_are_those_of_many_words() -> None:
    assert sorted(NgramIndex(["ab", "abc", "b"]).common_pieces(1)) == ["a", "ab", "b"]


def test_a_vocabulary_folds_and_suggests() -> None:
    dictionary = TermDictionary(fold)
    ids = [dictionary.id_of(text) for text in ("Fintech", "FINTECH", " fintech", "Biotech", "Steel")]
    assert ids == [0, 0, 0, 1, 2]
    dictionary.sign()
    assert dictionary.near("fintec", lambda _: True)[0] == "Fintech"
    assert "Fintech" not in dictionary.near("fintec", lambda id_: id_ != 0)
    assert dictionary.near("zzzz", lambda _: True) == []
    assert dictionary.find(["steel", "unknown", "biotech"]).tolist() == [1, 2]


def test_a_deep_label_is_near_a_short_text() -> None:
    dictionary = TermDictionary(str, lambda key: key)
    for label in ("Berlin, Germany", "Bern, Switzerland", "Lagos, Nigeria"):
        dictionary.id_of(label)
    dictionary.sign()
    assert dictionary.near("Berln", lambda _: True)[0] == "Berlin, Germany"


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(60_000, 140_000), max_size=50), st.integers(0, 20_000))
def test_packed_sets_are_what_croaring_writes(few: list[int], run: int) -> None:
    nums = np.unique(np.array([*few, *range(65_000, 65_000 + run)], dtype=np.uint32))
    plain = BitMap(nums.tolist(), optimize=False)  # without run containers
    assert deserialize(serialize_nums(nums)) == bitmap_of_sorted(nums) == plain
    below = nums[nums < 200_000]
    mask = np.zeros(200_000, np.bool_)
    mask[below] = True
    assert deserialize(serialize_mask(mask)) == BitMap(below.tolist())
    assert serialize_nums(nums) == plain.serialize()


def test_a_shelf_keeps_what_was_asked_for_last() -> None:
    cache = BitmapCache(100)
    for at in range(5):
        cache.put((0, at), BitMap([at]), 40)
    assert [cache.get((0, at)) for at in range(5)] == [None, None, None, BitMap([3]), BitMap([4])]
    assert cache.get((0, 3)) == BitMap([3])
    cache.put((0, 9), BitMap([9]), 40)
    assert cache.get((0, 4)) is None and cache.get((0, 3)) is not None
    cache.put((0, 9), BitMap([9]), 40)  # as two threads may do: it counts once
    assert cache.get((0, 3)) is not None


def _tree() -> dict[str, object]:
    return {
        "numbers": np.arange(100, dtype=np.int64),
        "nothing": np.zeros(0, np.uint32),
        "sets": [BitMap([1, 2, 3]), BitMap(), BitMap(range(100_000))],
        "plain": Plain({"a": [1, None, "é"]}),
    }


def test_a_container_gives_back_what_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    write_composite_file(path, _tree())
    read = read_composite_file(path)
    assert read["numbers"].tolist() == list(range(100))
    assert read["nothing"].dtype == np.uint32
    assert read["sets"].part(0, 3) == [BitMap([1, 2, 3]), BitMap(), BitMap(range(100_000))]
    assert read["plain"] == {"a": [1, None, "é"]}
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_a_column_is_written_in_pieces_and_read_as_one_array(tmp_path: Path) -> None:
    grown, new = Column(np.int32, data=np.arange(5, dtype=np.int32)), Column(np.uint64)
    grown.append(np.array([7, 8], dtype=np.int32))
    grown.put(np.array([0, 6]), [-1, 9])
    new.append(np.array([3], dtype=np.uint64))
    write_composite_file(tmp_path / "file", {"grown": grown, "new": new, "nothing": Column(np.bool_)})
    read = read_composite_file(tmp_path / "file")
    assert read["grown"].tolist() == [-1, 1, 2, 3, 4, 7, 9]
    assert read["new"].tolist() == [3] and read["new"].dtype == np.uint64
    assert len(read["nothing"]) == 0


def test_any_damage_to_a_container_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_composite_file(path, _tree())
    whole = path.read_bytes()
    generator = random.Random(5)
    for _ in range(200):
        at = generator.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << generator.randrange(8))]) + whole[at + 1 :])
        try:
            read = read_composite_file(path)
        except (CorruptFile, ValueError):
            continue
        # What is between the parts is padding; everything else has a checksum.
        assert whole[at] == 0
        assert read["numbers"].tolist() == list(range(100))
    for length in (0, 10, 100, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(CorruptFile):
            read_composite_file(path)


def test_members_and_bitmap_are_inverse() -> None:
    assert to_array(to_bitmap(np.array([5, 3, 9], dtype=np.uint32))).tolist() == [3, 5, 9]
    assert to_array(BitMap()).tolist() == []


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=8, deadline=None)
def test_sets_of_middling_size_are_united_as_bits_like_any(seed: int) -> None:
    rng = np.random.default_rng(seed)
    span = int(rng.integers(500_000, 900_000))
    shares = rng.choice([0.0001, 0.004, 0.011, 0.02, 0.05, 0.062, 0.08, 0.4], 24)
    sets = [np.flatnonzero(rng.random(span) < share).astype(np.uint32) for share in shares]
    sets[0] = np.r_[sets[0], np.uint32(span - 1)]
    sets[1] = np.arange(100, 20_000, dtype=np.uint32)  # all in one container: the others have none
    ids = np.repeat(np.arange(24, dtype=np.uint32) * 3, list(map(len, sets)))
    postings = Postings.of_pairs(ids, np.concatenate(sets), BitmapCache(), DEFAULT_COSTS)
    assert len(postings.rows.ids) > 0
    for _ in range(20):
        asked = np.sort(rng.choice(24, int(rng.integers(1, 24)), replace=False))
        found = postings.union((asked * 3).astype(np.uint32))
        assert found == to_bitmap(np.concatenate([sets[at] for at in asked.tolist()]))
    for row, id_ in enumerate(postings.rows.ids.tolist()):  # thin and full containers
        assert postings.rows.union([row]) == postings.get(id_) == to_bitmap(sets[id_ // 3])


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_keys_are_found_as_in_a_dictionary(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.choice([0, 1, 5, 4_095, 4_096, 9_000]))
    known = rng.integers(0, 2 ** int(rng.choice([3, 52, 64])), size, dtype=np.uint64)
    if size:
        known[rng.integers(0, size, size // 3)] = known[0]  # one on very many records
        known[rng.integers(0, size, 2)] = np.uint64(2**64 - 1), np.uint64(0)
    nums = np.arange(size, dtype=np.uint32)
    table = HashIndex.of_pairs(known, nums)
    plain: dict[int, list[int]] = {}
    for num, key in enumerate(known.tolist()):
        plain.setdefault(key, []).append(num)
    strange = rng.integers(0, 2**64, 70, dtype=np.uint64)
    asked = np.r_[strange, np.uint64(2**64 - 1), np.uint64(0), rng.choice(known, 90) if size else strange]
    for part in (asked, asked[:3], asked[:0]):
        places, found = table.find(part)
        pairs = sorted(zip(places.tolist(), found.tolist(), strict=True))
        assert pairs == [(at, num) for at, key in enumerate(part.tolist()) for num in plain.get(key, [])]
        assert places.tolist() == sorted(places.tolist())


def test_hashes_of_texts_are_those_of_each_alone() -> None:
    for texts in ([], ["a"], ["a", "", "größe"], ["a\0b", "c"], ["a", "\ud800"], ["", ""]):
        assert hash_texts(texts).tolist() == [
            xxhash.xxh3_64_intdigest(t.encode("utf-8", "surrogatepass")) for t in texts
        ]


@given(st.lists(st.tuples(st.sampled_from([0, 1, 40, 3_000, 60_000]), st.integers(0, 3)), max_size=20), st.integers(0))
@settings(deadline=None)
def test_a_union_is_that_of_sets_however_many_and_large(shapes: list[tuple[int, int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    sets = [np.unique(rng.integers(at << 17, (at << 17) + 150_000, size)).astype(np.uint32) for size, at in shapes]
    before = [to_bitmap(nums) for nums in sets]
    found = union([to_bitmap(nums) for nums in sets])
    assert found == to_bitmap(np.concatenate([np.zeros(0, np.uint32), *sets]))
    assert before == [to_bitmap(nums) for nums in sets]


@given(st.lists(st.tuples(st.sampled_from([5, 4_096, 4_097, 65_536]), st.integers(0, 6)), min_size=1), st.booleans())
@settings(max_examples=30, deadline=None)
def test_a_mask_of_a_set_has_its_numbers(shapes: list[tuple[int, int]], runs_too: bool) -> None:
    rng = np.random.default_rng(len(shapes))
    parts = [rng.choice(65_536, size, replace=False).astype(np.uint32) + (at << 16) for size, at in shapes]
    many = np.arange((7 << 16) + len(shapes) % 2, (7 << 16) + 2_200_000, 1 if runs_too else 2, dtype=np.uint32)
    numbers = to_bitmap(np.concatenate([many, *parts]))
    if runs_too:
        numbers.run_optimize()
    size = numbers.max() + 1 + len(shapes)
    plain = np.zeros(size, np.bool_)
    plain[to_array(numbers)] = True
    assert np.array_equal(bitmap_to_mask(numbers, size), plain)
    assert np.array_equal(ended(bitmap_to_mask_in_steps(numbers, size, 65_536)), plain)


@given(st.lists(st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 2), max_size=3)), max_size=6))
def test_lists_are_those_last_put_and_the_same_again_takes_no_room(turns: list[dict[int, list[int]]]) -> None:
    lists = ListColumn()
    lists.grow(8)
    plain: dict[int, list[int]] = {}

    def put(turn: dict[int, list[int]]) -> None:
        nums = np.array(list(turn), dtype=np.uint32)
        counts = np.array([len(ids) for ids in turn.values()], dtype=np.uint32)
        lists.put(nums, counts, np.array([id_ for ids in turn.values() for id_ in ids], dtype=np.uint32))

    for turn in turns:
        put(turn)
        plain |= turn
        before = len(lists.ids)
        put(turn)
        assert len(lists.ids) == before
        every = np.arange(8, dtype=np.uint32)
        ids, nums = lists.pairs(every, every)
        pairs = list(zip(ids.tolist(), nums.tolist(), strict=True))
        assert pairs == [(id_, num) for num in range(8) for id_ in plain.get(num, [])]
