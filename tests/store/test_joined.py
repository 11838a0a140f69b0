"""Joined documents equal the original ones, whether or not they are split."""

from __future__ import annotations

import pickle

from letrics.store.joined import Joined, slices


def test_documents_are_cut_apart_where_they_are_asked_for() -> None:
    documents = [b'{"a":"x, {y}"}', b"{}", '{"b":["é",1]}'.encode()]
    joined = Joined([b",".join(documents[:2]), documents[2]], [2, 1])
    assert joined[:].parts == joined.parts and joined[0:2].parts == joined.parts[:1] and joined == documents
    assert list(joined) == documents
    assert joined[-1] == documents[2] and joined[1:] == documents[1:] and joined[0:9:2] == documents[::2]
    assert list(Joined([], [])) == []


def test_slices_have_whole_parts_and_every_document_once() -> None:
    documents = [b"%d" % n for n in range(10)]
    joined = Joined([b",".join(documents[:3]), b",".join(documents[3:5]), b",".join(documents[5:])], [3, 2, 5])
    assert list(slices(joined, 5)) == [slice(0, 5), slice(5, 10)]
    assert list(slices(joined, 1)) == [slice(0, 3), slice(3, 5), slice(5, 10)]
    assert all(isinstance(joined[part], Joined) for part in slices(joined, 4))
    assert [document for part in slices(documents, 4) for document in documents[part]] == documents
    assert list(slices(Joined([], []), 4)) == list(slices([], 4)) == []


def test_joined_pickled_has_the_same_documents() -> None:
    joined = Joined([b'{"a":1},{"a":2}', b'{"a":3}'], [2, 1], lambda first, end: [b""] * (end - first))
    assert list(pickle.loads(pickle.dumps(joined))) == list(joined)
