"""The file of requests with an Idempotency-Key: replays, leases, expiry, restarts and several processes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.api.response import ApiResponse
from letrics.api.stored_requests import (
    KEPT_MS,
    LEASE_MS,
    IdempotencyFile,
    OtherRequest,
    RequestBody,
    SharedRequests,
    StillRunning,
    StoredRequests,
    StoredResponse,
)
from letrics.identity.mentions import Mentions
from letrics.records import ContactBody, Email
from tests.matrix.databases import open_postgres
from tests.servers.postgres import new_database

KEY, HEAD = b"k" * 32, b"h" * 32
BODY = RequestBody(b"b" * 32, 5)


class Clock:
    now = 1_000_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "idempotency.db"


@pytest.fixture
def database() -> str:
    """Where the requests are stored: a file. A test overrides it."""
    return "sqlite"


BOTH = pytest.mark.parametrize("database", ["sqlite", "postgres"])
"""Runs a test with each database."""


@pytest.fixture
def file(database: str, path: Path, clock: Clock) -> Iterator[StoredRequests]:
    if database == "sqlite":
        file: StoredRequests = IdempotencyFile(path, clock)
    else:
        url = new_database()
        file = SharedRequests(lambda: open_postgres(url, 3), clock)
    yield file
    file.close()


def answered(file: StoredRequests, key: bytes = KEY) -> None:
    owner = file.begin(key, HEAD)
    assert isinstance(owner, bytes)
    response = ApiResponse(b'{"data":"\xc3\xa9"}', 202, headers=[(b"location", b"/v1/imports/1")])
    file.finish(key, owner, BODY, "id-1", response)


def test_response_is_returned_after_a_restart(file: StoredRequests, path: Path, clock: Clock) -> None:
    answered(file)
    file.close()
    again = IdempotencyFile(path, clock)
    found = again.begin(KEY, HEAD)
    again.close()
    assert isinstance(found, StoredResponse)
    assert (found.of_body, found.request_id) == (BODY, "id-1")
    response = found.response
    assert (response.status, response.body) == (202, b'{"data":"\xc3\xa9"}')
    assert (response.media_type, response.headers) == (b"application/json", [(b"location", b"/v1/imports/1")])


@BOTH
def test_running_request_refuses_another(file: StoredRequests) -> None:
    file.begin(KEY, HEAD)
    with pytest.raises(StillRunning):
        file.begin(KEY, HEAD)
    assert isinstance(file.begin(b"other", HEAD), bytes)


@BOTH
def test_other_head_is_another_request(file: StoredRequests) -> None:
    owner = file.begin(KEY, HEAD)
    with pytest.raises(OtherRequest):
        file.begin(KEY, b"x")
    assert isinstance(owner, bytes)
    file.finish(KEY, owner, BODY, "id-1", ApiResponse(b""))
    with pytest.raises(OtherRequest):
        file.begin(KEY, b"x")


@BOTH
def test_released_key_can_be_used_again(file: StoredRequests) -> None:
    owner = file.begin(KEY, HEAD)
    assert isinstance(owner, bytes)
    file.release(KEY, owner)
    assert isinstance(file.begin(KEY, b"x"), bytes)


@BOTH
def test_request_of_an_ended_process_is_begun_again(file: StoredRequests, clock: Clock) -> None:
    first = file.begin(KEY, HEAD)
    assert isinstance(first, bytes)
    clock.now += LEASE_MS - 1
    file.renew(KEY, first)
    clock.now += LEASE_MS - 1
    with pytest.raises(StillRunning):
        file.begin(KEY, HEAD)
    clock.now += 1
    second = file.begin(KEY, HEAD)
    assert isinstance(second, bytes)
    file.finish(KEY, first, BODY, "late", ApiResponse(b""))
    file.release(KEY, first)
    with pytest.raises(StillRunning):
        file.begin(KEY, HEAD)
    file.finish(KEY, second, BODY, "second", ApiResponse(b""))
    found = file.begin(KEY, HEAD)
    assert isinstance(found, StoredResponse)
    assert found.request_id == "second"


@BOTH
def test_response_expires_after_a_day(file: StoredRequests, clock: Clock) -> None:
    answered(file)
    clock.now += KEPT_MS - 1
    assert isinstance(file.begin(KEY, HEAD), StoredResponse)
    clock.now += 1
    assert isinstance(file.begin(KEY, b"x"), bytes)


def test_sweep_erases_old_responses(file: StoredRequests, path: Path, clock: Clock) -> None:
    answered(file)
    clock.now += KEPT_MS
    answered(file, b"new")
    file.sweep()
    assert isinstance(file.begin(b"new", HEAD), StoredResponse)
    file.close()
    assert KEY not in path.read_bytes()


def test_sweep_without_a_file_makes_none(file: StoredRequests, path: Path) -> None:
    file.sweep()
    assert not path.exists()


def test_file_is_private(file: StoredRequests, path: Path) -> None:
    answered(file)
    assert path.stat().st_mode & 0o777 == 0o600


def test_one_of_several_processes_begins(path: Path) -> None:
    files = [IdempotencyFile(path) for _ in range(4)]
    barrier, begun = threading.Barrier(len(files)), list[bytes | StoredResponse]()

    def begin(file: StoredRequests) -> None:
        barrier.wait()
        with contextlib.suppress(StillRunning):
            begun.append(file.begin(KEY, HEAD))

    threads = [threading.Thread(target=begin, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for file in files:
        file.close()
    assert len(begun) == 1


@BOTH
def test_stored_response_loses_the_texts_of_erased_people(file: StoredRequests) -> None:
    people = Mentions()
    people.add(ContactBody(id="x", emails=(Email("ann@acme.example", "personal"),), added_at="", updated_at=""))
    for key, address in ((b"1" * 32, "ann@acme.example"), (b"2" * 32, "bea@acme.example")):
        owner = file.begin(key, HEAD)
        assert isinstance(owner, bytes)
        file.finish(key, owner, BODY, "r", ApiResponse(b'{"data":[{"email":"%s","n":7}]}' % address.encode()))
    file.erase(people)
    bodies = []
    for key in (b"1" * 32, b"2" * 32):
        stored = file.begin(key, HEAD)
        assert isinstance(stored, StoredResponse)
        bodies.append(stored.response.body)
    assert bodies == [b'{"data":[{"email":"","n":7}]}', b'{"data":[{"email":"bea@acme.example","n":7}]}']


def test_erasing_does_not_stop_other_requests(path: Path, clock: Clock) -> None:
    file, other = IdempotencyFile(path, clock), IdempotencyFile(path, clock)

    class Slow(Mentions):
        """People for whom a text is searched while another process begins a request."""

        begun: object = None

        def are_in(self, text: str) -> bool:
            self.begun = other.begin(b"2" * 32, HEAD)
            return super().are_in(text)

    people = Slow()
    people.add(ContactBody(id="x", full_name="Ann Bee", added_at="", updated_at=""))
    answered(file)
    file.erase(people)
    file.close()
    other.close()
    assert isinstance(people.begun, bytes)


@BOTH
def test_many_stored_responses_are_erased_in_parts(file: StoredRequests) -> None:
    people = Mentions()
    people.add(ContactBody(id="x", full_name="Ann Bee", added_at="", updated_at=""))
    keys = [bytes([number]) * 32 for number in range(7)]
    for key in keys:
        owner = file.begin(key, HEAD)
        assert isinstance(owner, bytes)
        file.finish(key, owner, BODY, "r", ApiResponse(b'{"name":"Ann Bee"}'))
    file.erase(people, part=3)
    found = [file.begin(key, HEAD) for key in keys]
    assert [each.response.body for each in found if isinstance(each, StoredResponse)] == [b'{"name":""}'] * 7


def test_erase_creates_no_file(file: StoredRequests, path: Path) -> None:
    file.erase(Mentions())
    assert not path.exists()
