"""Lookups of row digests, for a reader that recognizes unchanged rows."""

from __future__ import annotations

from pathlib import Path

from letrics.identity.keys import id_key
from letrics.identity.patches import ContactPatch
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.store_limits import StoreLimits
from tests.store.encoded_rows import encoded, first_key
from tests.store.patches import ADA


def test_look_returns_digests_of_the_holders_of_keys(store: SqliteStore, tmp_path: Path) -> None:
    ada, bob = encoded(ADA), encoded(ContactPatch(company="a.example", linkedin_url="linkedin.com/in/bob"))
    keys = [first_key(ada), id_key("nobody"), first_key(bob)]
    assert store.digests(keys) == {}
    store.put_contacts([ada])
    with SqliteStore.open(tmp_path / "log.db", limits=StoreLimits(max_recent_keys=0)) as other:
        other.put_contacts([bob])  # this also moves all keys to the large table
    assert store.digests(keys) == {ada.digest: 0, bob.digest: 1}
    store.put_contacts([ada, encoded(ContactPatch(company="a.example", external_id="1", emails=(), phone="2"))])
    store.put_contacts([encoded(ContactPatch(company="a.example", external_id="3", full_name="Cid"))])
    assert store.digests([*keys, id_key("3")]).keys() >= {bob.digest}
    assert store.digests([id_key("3")]).keys() == {
        encoded(ContactPatch(company="a.example", external_id="3", full_name="Cid")).digest
    }
