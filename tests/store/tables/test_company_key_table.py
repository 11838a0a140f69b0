"""The tables of what finds companies besides their domain."""

from __future__ import annotations

from letrics.identity.company_keys import page_key
from letrics.identity.keys import hashes_of
from letrics.identity.patches import CompanyPatch, Tally
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.company_key_table import (
    add_pages,
    find_former_ids,
    read_company_keys,
    restore_company_keys,
)

PAGE = "https://www.linkedin.com/company/acme"


def holders(store: SqliteStore, url: str) -> list[int]:
    key = page_key(url)
    assert key is not None
    return [num for _, num in read_company_keys(store._connection, hashes_of([key]))]


def test_add_pages_gives_each_page_to_its_first_company(store: SqliteStore) -> None:
    store.put_companies([CompanyPatch(domain=f"{name}.example", linkedin_url=PAGE) for name in "ab"])
    store._connection.execute("DELETE FROM company_key")
    add_pages(store._connection)
    assert holders(store, PAGE) == [0]
    assert store.put_companies([CompanyPatch(linkedin_url=PAGE)]) == Tally(unchanged=1)


def test_a_page_is_free_after_its_company_has_another(store: SqliteStore) -> None:
    store.put_companies([CompanyPatch(domain="a.example", linkedin_url=PAGE)])
    store.put_companies([CompanyPatch(domain="a.example", linkedin_url=f"{PAGE}-2")])
    assert (holders(store, PAGE), holders(store, f"{PAGE}-2")) == ([], [0])


def test_restore_gives_back_the_keys_of_the_former_state(store: SqliteStore) -> None:
    store.put_companies([CompanyPatch(linkedin_url=PAGE)])
    (before,) = store.documents("companies", [0])
    store.put_companies([CompanyPatch(domain="a.example", linkedin_url=PAGE)])
    store.put_companies([CompanyPatch(domain="a.example", linkedin_url=f"{PAGE}-2")])
    (after,) = store.documents("companies", [0])
    assert before is not None and after is not None
    former = [id for (id,) in store._connection.execute("SELECT id FROM former_company_id")]
    assert find_former_ids(store._connection, former) == [(former[0], 0)]
    restore_company_keys(store._connection, [(0, before, after)], lambda _: ())
    assert (holders(store, PAGE), holders(store, f"{PAGE}-2")) == ([0], [])
    assert find_former_ids(store._connection, former) == []
