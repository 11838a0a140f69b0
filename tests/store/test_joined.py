"""Documents that are kept joined are those that were given, cut apart or not."""

from __future__ import annotations

from letrics.store.joined import Joined


def test_documents_are_cut_apart_where_they_are_asked_for() -> None:
    documents = [b'{"a":"x, {y}"}', b"{}", '{"b":["é",1]}'.encode()]
    joined = Joined([b",".join(documents[:2]), documents[2]], 3)
    assert joined[:] is joined and joined[0:3] is joined
    assert list(joined) == documents
    assert joined[-1] == documents[2] and joined[1:] == documents[1:] and joined[0:9:2] == documents[::2]
    assert list(Joined([], 0)) == []
