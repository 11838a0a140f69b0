"""Reading and deleting one record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.api.backends import Backends
from letrics.identity.company_keys import generate_company_id
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Kind
from letrics.store.base import Store, StoredRecord
from letrics.store.current import CurrentStore
from letrics.store.documents import LocalDocuments
from tests.api.applications import make_application
from tests.api.caller import Caller, Reply
from tests.api.plain import PlainStore
from tests.api.stored import stored
from tests.conftest import Service
from tests.contract.envelope import check
from tests.contract.world import COMPANIES, CONTACTS
from tests.default_backends import loaded_engine, open_store


def test_a_contact_with_its_company(api: Caller) -> None:
    reply = api.get("/v1/contacts/ann")
    assert reply.status == 200
    assert list(reply.json) == ["data", "meta", "errors"]
    assert reply.json["data"] == api.get("/v1/contacts").json["data"][0]
    assert reply.json["data"]["company"]["domain"] == "acme.example"
    assert reply.json["meta"] == {"request_id": reply.headers["x-request-id"]}


def test_an_id_may_hold_a_slash(api: Caller) -> None:
    assert api.get("/v1/contacts/crm%3Ae%2F5").json["data"]["full_name"] == "Eve Ende"
    assert api.get("/v1/contacts/crm:e%2f5").status == 200
    assert api.get("/v1/contacts/crm:e/5").status == 404


@pytest.mark.parametrize(
    "domain", ["xn--e1afmkfd.xn--p1ai", "%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84", "XN--E1AFMKFD.XN--P1AI"]
)
def test_a_company_by_either_form(api: Caller, domain: str) -> None:
    assert api.get(f"/v1/companies/{domain}").json["data"]["id"] == "xn--e1afmkfd.xn--p1ai"


def test_head(api: Caller) -> None:
    reply = api.call("HEAD", "/v1/companies/acme.example")
    assert (reply.status, reply.body) == (200, b"")


class LateStore(PlainStore):
    """Finds companies as they were before their contacts were added."""

    def find(self, kind: Kind, id: str) -> StoredRecord | None:
        found = super().find(kind, id)
        return found and StoredRecord(found.num, found.document)


class TestDelete:
    def test_a_contact(self, service: Service) -> None:
        api, token = service.api, service.tokens["write"]
        reply = api.call("DELETE", "/v1/contacts/ann", token=token)
        assert (reply.status, reply.json["data"], reply.json["errors"]) == (200, {"deleted": 1}, [])
        check(api.call("DELETE", "/v1/contacts/ann", token=token), "not_found")
        assert api.get("/v1/contacts").ids == ["bob", "cyd", "dee", "crm:e/5"]

    def test_a_company_only_with_its_contacts(self, service: Service) -> None:
        api, token = service.api, service.tokens["write"]
        for query in ("", "?with_contacts=false", "?with_contacts="):
            details = check(
                api.call("DELETE", f"/v1/companies/acme.example{query}", token=token), "invalid_input", "with_contacts"
            )
            assert "2 contacts" in details
        reply = api.call("DELETE", "/v1/companies/acme.example?with_contacts=true", token=token)
        assert reply.json["data"] == {"deleted": 3}
        check(api.get("/v1/contacts/ann"), "not_found")

    @pytest.mark.parametrize("plain_store", [LateStore(COMPANIES, CONTACTS)], ids=["late"])
    def test_a_contact_added_meanwhile_is_not_lost(self, service: Service) -> None:
        token = service.tokens["write"]
        check(service.api.call("DELETE", "/v1/companies/acme.example", token=token), "invalid_input", "with_contacts")
        assert service.api.get("/v1/companies/acme.example").status == 200

    @pytest.mark.parametrize(
        ("target", "field"),
        [("/v1/contacts/ann?with_contacts=true", "with_contacts"),
         ("/v1/companies/nothing.example?cascade=1", "cascade"),
         ("/v1/companies/nothing.example?with_contacts=1", "with_contacts"),
         ("/v1/companies/nothing.example?with_contacts=true&with_contacts=true", "with_contacts")],
    )  # fmt: skip
    def test_parameters_are_judged(self, service: Service, target: str, field: str) -> None:
        check(service.api.call("DELETE", target, token=service.tokens["write"]), "invalid_input", field)

    def test_a_subdomain_does_not_stand_for_its_company(self, service: Service) -> None:
        token = service.tokens["write"]
        check(service.api.call("DELETE", "/v1/companies/www.nothing.example", token=token), "not_found")


class TestForget:
    def test_forget_deletes_and_remembers(self, service: Service) -> None:
        api, token = service.api, service.tokens["write"]
        check(api.call("DELETE", "/v1/contacts/ann?forget=true", token=service.tokens["read"]), "forbidden")
        reply = api.call("DELETE", "/v1/contacts/ann?forget=true", token=token)
        assert (reply.status, reply.json["data"]) == (200, {"deleted": 1})
        assert service.store.forgotten == 1
        check(api.call("DELETE", "/v1/contacts/ann?forget=true", token=token), "not_found")

    def test_forget_false_only_deletes(self, service: Service) -> None:
        reply = service.api.call("DELETE", "/v1/contacts/ann?forget=false", token=service.tokens["write"])
        assert (reply.status, service.store.forgotten) == (200, 0)

    @pytest.mark.parametrize("target", ["/v1/contacts/ann?forget=1", "/v1/companies/nothing.example?forget=true"])
    def test_forget_parameter_is_judged(self, service: Service, target: str) -> None:
        check(service.api.call("DELETE", target, token=service.tokens["write"]), "invalid_input", "forget")


class TestDeleteWhileOthersWrite:
    """`meanwhile` runs between the lookup of the record and its deletion."""

    @pytest.fixture
    def delete(self, tmp_path: Path) -> Iterator[Callable[[str, Callable[[Store], object]], Reply]]:
        with AccountsDatabase(tmp_path / "accounts.db") as accounts, open_store(tmp_path / "log.db") as store:
            Users(accounts).add("ann@people.example")
            token, _ = Tokens(accounts).create("ann@people.example", "writing", ["write"])
            put(store, external_id="1", company="one.example", full_name="Jo One")
            engine = loaded_engine(tmp_path, store).engine
            loop = asyncio.new_event_loop()

            def delete(target: str, meanwhile: Callable[[Store], object]) -> Reply:
                def open_again() -> Store:
                    meanwhile(store)
                    return open_store(tmp_path / "log.db")

                backends = Backends(engine, LocalDocuments(store), open_again, LocalAuthenticator.over(accounts))
                caller = Caller(make_application(backends), loop, token)
                return caller.call("DELETE", target)

            yield delete
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    def test_delete_takes_the_record_that_has_the_id_now(self, delete: Callable[..., Reply]) -> None:
        def replace(store: Store) -> None:
            store.delete("contacts", [0])
            put(store, external_id="1", company="two.example", full_name="Jo Two")
            assert store.documents("contacts", [1]) != [None]

        assert delete("/v1/contacts/1", replace).json["data"] == {"deleted": 1}

    def test_delete_of_a_record_gone_meanwhile_is_not_found(self, delete: Callable[..., Reply]) -> None:
        check(delete("/v1/contacts/1", lambda store: store.delete("contacts", [0])), "not_found")

    def test_delete_of_a_company_with_new_contacts_counts_them(self, delete: Callable[..., Reply]) -> None:
        assert delete("/v1/contacts/1", lambda store: None).status == 200
        reply = delete("/v1/companies/one.example", lambda store: put(store, external_id="2", company="one.example"))
        assert "1 contact:" in check(reply, "invalid_input", "with_contacts")


def test_every_contact_is_reachable_by_its_id(tmp_path: Path) -> None:
    words = ["fields", "count", "facets", "export", "id", "id/x", "fields/industries/values", "%2F", "100%"]

    def fill(store: Store) -> None:
        for word in words:
            put(store, external_id=word, company="one.example", full_name=word)

    with stored(tmp_path, fill) as opened:
        for word in words:
            target = f"/v1/contacts/id/{quote(word, safe='')}"
            assert opened.caller.get(target).json["data"]["id"] == word
            assert opened.writer.call("DELETE", target).json["data"] == {"deleted": 1}
        assert opened.caller.get("/v1/companies/id/one.example").json["data"]["id"] == "one.example"


def test_company_is_found_by_its_id_domain_and_former_id(tmp_path: Path) -> None:
    former = generate_company_id(None, "Acme")

    def fill(store: Store) -> None:
        put(store, external_id="1", company=CompanyPatch(name="Acme"))
        put(store, external_id="2", company=None)
        store.put_companies([CompanyPatch(name="Other")])

    with stored(tmp_path, fill) as opened:
        api = opened.caller
        assert api.get(f"/v1/companies/{former}").json["data"]["domain"] is None
        assert api.get("/v1/contacts/2").json["data"]["company"] is None
        details = check(api.get("/v1/companies/co_000000000000"), "not_found")
        assert "no company with the id" in details
        opened.store.put_companies([CompanyPatch(name="Acme", domain="acme.example")])
        for id in (former, "acme.example"):
            assert api.get(f"/v1/companies/{id}").json["data"]["id"] == "acme.example"
        assert opened.writer.call("DELETE", f"/v1/companies/{former}?with_contacts=true").json["data"] == {"deleted": 2}
        other = generate_company_id(None, "Other")
        assert opened.writer.call("DELETE", f"/v1/companies/{other}").json["data"] == {"deleted": 1}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_single_of_a_replaced_database_is_unavailable(
    tmp_path: Path, loop: asyncio.AbstractEventLoop, method: str
) -> None:
    path = tmp_path / "log.db"
    with AccountsDatabase(tmp_path / "accounts.db") as accounts, open_store(path) as store:
        Users(accounts).add("ann@people.example")
        token, _ = Tokens(accounts).create("ann@people.example", "writing", ["write"])
        put(store, external_id="1", company="one.example", full_name="Jo One")
        engine = loaded_engine(tmp_path, store)
        with open_store(tmp_path / "other.db") as other:
            put(other, external_id="1", company="two.example", full_name="Jo Two")
        (tmp_path / "other.db").replace(path)
        engine.suspend()  # as the follower does once it has noticed
        current = CurrentStore(lambda: open_store(path, create=False), engine.target().position)
        backends = Backends(
            engine.engine,
            LocalDocuments(current),
            lambda: open_store(path, create=False),
            LocalAuthenticator.over(accounts),
        )
        caller = Caller(make_application(backends), loop, token)
        for target in ("/v1/contacts/1", "/v1/companies/two.example?with_contacts=true"):
            reply = caller.call(method, target)
            assert "Two" not in reply.body.decode()
            check(reply, "unavailable")
            assert int(reply.headers["retry-after"]) >= 1
        assert current.counts().contacts == 1
        current.close()


def put(store: Store, **members: Any) -> None:
    store.put_contacts([ContactPatch(**members)])


@pytest.mark.parametrize("word", ["count", "facets", "export"])
def test_get_of_a_posted_path_names_the_post(service: Service, word: str) -> None:
    details = check(service.api.get(f"/v1/contacts/{word}"), "not_found")
    assert details.endswith(f"send POST /v1/contacts/{word}")
