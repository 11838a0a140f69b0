"""The Host headers that a server accepts."""

from __future__ import annotations

import asyncio
import socket

import pytest

from letrics.api.call import Call
from letrics.api.hosts import Hosts, known_hosts
from letrics.errors import LetricsError
from tests.api.caller import Caller
from tests.conftest import Service
from tests.contract.envelope import check

PUBLIC = "https://crm.example:8443"
ALWAYS = ["localhost", "LOCALHOST:8000", "localhost.", "a.localhost", "127.0.0.1", "127.1.2.3:99", "[::1]:8000"]
NEVER = ["", " ", "a b", "evil.example@localhost", "localhost/", "localhost:x", "localhost:999999", "[::1", "::1",
         "[x]", "locälhost", "localhost,evil.example", "localhost:80:80", "a" * 300, "localhost\x00"]  # fmt: skip


def knows(hosts: Hosts, *given: str, path: str = "/v1/contacts") -> bool:
    headers = [(b"host", host.encode("latin-1")) for host in given]

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    call = Call.of({"method": "GET", "path": path, "query_string": b"", "headers": headers}, receive)
    try:
        hosts.check(call)
    except LetricsError:
        return False
    return True


@pytest.mark.parametrize("listens_on", ["127.0.0.1", "0.0.0.0", "::", "192.0.2.7", "localhost"])
@pytest.mark.parametrize("public_url", ["", PUBLIC])
def test_loopback_names_are_always_known(listens_on: str, public_url: str) -> None:
    hosts = known_hosts(listens_on, public_url, ())
    assert all(knows(hosts, host) for host in ALWAYS)
    assert not any(knows(hosts, host) for host in NEVER)
    assert not knows(hosts, "evil.example") and not knows(hosts, "localhost.evil.example")


@pytest.mark.parametrize("given", [(), ("localhost", "localhost"), ("localhost", "evil.example")])
def test_no_host_and_two_hosts_are_refused(given: tuple[str, ...]) -> None:
    assert not knows(known_hosts("127.0.0.1", "", ()), *given)
    assert not knows(known_hosts("127.0.0.1", "", ("*",)), *given)


def test_host_of_the_public_url_is_known() -> None:
    hosts = known_hosts("127.0.0.1", PUBLIC, ())
    assert knows(hosts, "crm.example") and knows(hosts, "CRM.example:1")
    assert not knows(hosts, "www.crm.example") and not knows(hosts, "192.0.2.7")


def test_allowed_hosts_are_known() -> None:
    hosts = known_hosts("0.0.0.0", "", ("one.example", ".two.example", "192.0.2.7", "2001:DB8::1"))
    for host in ("one.example", "two.example", "a.b.two.example", "192.0.2.7:80", "[2001:db8:0::1]"):
        assert knows(hosts, host)
    for host in ("a.one.example", "atwo.example", "192.0.2.8", socket.gethostname() + ".example"):
        assert not knows(hosts, host)
    assert knows(known_hosts("127.0.0.1", "", ("*",)), "anything.example")


@pytest.mark.parametrize("listens_on", ["0.0.0.0", "::"])
def test_unconfigured_server_on_the_network_is_known_by_address(listens_on: str) -> None:
    hosts = known_hosts(listens_on, "", ())
    for host in ("192.0.2.7:8000", "[2001:db8::1]", socket.gethostname()):
        assert knows(hosts, host)
    assert not knows(known_hosts("127.0.0.1", "", ()), "192.0.2.7")
    assert knows(known_hosts("192.0.2.7", "", ()), "192.0.2.7:8000")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_reachable_by_any_host(path: str) -> None:
    hosts = known_hosts("127.0.0.1", PUBLIC, ())
    assert knows(hosts, path=path) and knows(hosts, "10.0.0.5:8000", path=path) and knows(hosts, "probe", path=path)
    assert not knows(hosts, "probe", "probe", path=path) and not knows(hosts, "probe", path=f"{path}/x")


def test_metrics_are_reachable_by_address() -> None:
    hosts = known_hosts("127.0.0.1", PUBLIC, ())
    assert knows(hosts, "10.0.0.5:8000", path="/metrics") and not knows(hosts, "evil.example", path="/metrics")


def test_unknown_host_gets_the_envelope_or_a_page(loop: asyncio.AbstractEventLoop, service: Service) -> None:
    caller = with_hosts(service, loop)
    evil = {"Host": "evil.example"}
    for target in ("/v1/contacts", "/app/contacts", "/openapi.json", "/signin", "/nothing"):
        assert "evil.example" in check(caller.get(target, headers=evil), "invalid_input")
    page = caller.get("/signin", headers={**evil, "Accept": "text/html"})
    assert page.status == 400 and page.headers["content-type"].startswith("text/html")
    assert "allowed_hosts" in page.body.decode() and "evil.example" in page.body.decode()
    assert caller.get("/healthz", headers=evil).status == 200
    assert caller.get("/signin", headers={"Host": "localhost"}).status == 200


def test_refused_host_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    hosts = known_hosts("127.0.0.1", "", ())
    for _ in range(3):
        assert not knows(hosts, "letrics:8000") and not knows(hosts, "evil\x1b.example")
    assert [record.getMessage().count('"letrics:8000"') for record in caplog.records] == [1, 0]
    assert "allowed_hosts" in caplog.text and "\x1b" not in caplog.text


def test_refused_hosts_are_logged_up_to_a_limit(caplog: pytest.LogCaptureFixture) -> None:
    hosts = known_hosts("127.0.0.1", "", ())
    for number in range(1000):
        assert not knows(hosts, f"h{number}.example")
    assert 10 < len(caplog.records) <= 100


def test_unknown_host_is_refused_before_the_token(loop: asyncio.AbstractEventLoop, service: Service) -> None:
    assert with_hosts(service, loop).get("/v1/contacts", token=None, headers={"Host": "evil.example"}).status == 400


def with_hosts(service: Service, loop: asyncio.AbstractEventLoop) -> Caller:
    """The service of the fixture, which accepts only loopback names."""
    return Caller(service.application(known_hosts("127.0.0.1", "", ())), loop, service.tokens["read"])
