"""Reading from a standby, which may lack the last changes."""

from __future__ import annotations

import pytest

from letrics.store.base import Position, StoreAway, StoreReplaced
from letrics.store.standby_reader import StandbyReader
from tests.naive.log import Log
from tests.naive.store import NaiveStore
from tests.store.patches import row


def test_a_standby_is_read_as_long_as_it_has_what_the_index_has() -> None:
    log = Log()
    store = NaiveStore(log)
    store.put_contacts([row("1")])
    known: list[Position | None] = [None]
    reader = StandbyReader(NaiveStore(log), lambda: known[0], lambda: None)
    with pytest.raises(StoreAway, match="there is no index yet"):
        reader.counts()
    known[0] = end = store.position()
    assert reader.find("contacts", "1") == store.find("contacts", "1")
    known[0] = Position(end.log, end.seq + 1, "a later batch")
    for read in (
        lambda: reader.find("contacts", "1"),
        reader.counts,
        lambda: reader.found_documents("contacts", [1], end),
    ):
        with pytest.raises(StoreAway, match="the standby has not yet received change 3") as raised:
            read()
        assert not isinstance(raised.value, StoreReplaced), "the primary decides whether the log is another one"
    known[0] = end
    assert reader.counts().contacts == 1


def test_nothing_is_read_from_a_standby_once_there_is_a_primary() -> None:
    def over() -> None:
        raise StoreAway("there is a primary")

    reader = StandbyReader(NaiveStore(Log()), lambda: None, over)
    with pytest.raises(StoreAway, match="there is a primary"):
        reader.counts()
