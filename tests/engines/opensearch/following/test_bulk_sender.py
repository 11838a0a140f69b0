"""Documents as they are sent to indexes."""

from __future__ import annotations

import socket
import time
from contextlib import closing

import pytest

from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_address import read_address
from letrics.engines.opensearch.cluster_client import Client, ClusterError
from letrics.engines.opensearch.documents import Built
from letrics.engines.opensearch.following.bulk_sender import BulkSender, BulkTimes, digest_of, with_digest
from tests.engines.opensearch.fake_node import FakeNode, fake_nodes

_DONE = b'{"errors":false}'
_CONFLICT = b'{"index":{"status":409,"error":{"type":"version_conflict_engine_exception"}}}'
_BUSY = b'{"index":{"status":429,"error":{"type":"rejected_execution_exception","reason":"full"}}}'
_INVALID = b'{"index":{"status":400,"error":{"type":"mapper_parsing_exception","reason":"no number"}}}'
_QUICK = BulkTimes(items=0.5, pause=0.01)


def send(node: FakeNode, built: Built) -> list[tuple[str, bytes]]:
    """The paths and bodies of the requests that send these documents."""
    with fake_nodes(node) as url:
        client = Client(read_address(url))
        try:
            with BulkSender(client, lambda part: f"{part}-alias", _QUICK) as sender:
                sender.send(built, 17)
                sender.finish()
        finally:
            client.close()
    return [(path.partition("?")[0], body) for _, path, body in node.requests]


def reply(*items: bytes) -> bytes:
    return b'{"errors":true,"items":[%s]}' % b",".join(items)


def test_documents_are_sent_with_version_and_digest() -> None:
    sent = dict(send(FakeNode(body=_DONE), Built(contacts=[(3, b'{"num":3}')], deleted_contacts=[8])))
    digest = digest_of(b'{"num":3}')
    assert sent["/contacts-alias/_bulk"].splitlines() == [
        b'{"index":{"_id":"3","version":17,"version_type":"external_gte"}}',
        b'{"num":3,"digest":%d}' % digest,
        b'{"delete":{"_id":"8","version":17,"version_type":"external_gte"}}',
    ]


def test_entries_are_created_before_records_are_sent() -> None:
    built = Built(companies=[(1, b'{"num":1}')], dictionary=[("ab", b'{"text":"x"}')])
    sent = send(FakeNode(body=_DONE), built)
    assert sent[0] == ("/dictionary-alias/_bulk", b'{"create":{"_id":"ab"}}\n{"text":"x"}\n')
    assert [path for path, _ in sent] == ["/dictionary-alias/_bulk", "/companies-alias/_bulk"]


def test_no_documents_cause_no_request() -> None:
    assert send(FakeNode(body=_DONE), Built()) == []


def test_newer_stored_documents_are_no_error() -> None:
    built = Built(contacts=[(1, b'{"num":1}'), (2, b'{"num":2}')])
    assert len(send(FakeNode(body=reply(_CONFLICT, b'{"index":{"status":200}}')), built)) == 2
    entry = Built(dictionary=[("ab", b'{"text":"x"}')])
    assert len(send(FakeNode(body=reply(_CONFLICT)), entry)) == 1


def test_results_of_documents_are_asked_for_after_an_error() -> None:
    built = Built(contacts=[(1, b'{"num":1}')], dictionary=[("ab", b'{"text":"x"}')])
    node = FakeNode(body=_DONE, replies=[_DONE, b'{"errors":true}'])
    send(node, built)
    entries, first, second = node.requests
    assert first[2] == second[2]
    assert ["items" in path for _, path, _ in (entries, first, second)] == [True, False, True]


def test_documents_that_a_shard_could_not_take_are_sent_again() -> None:
    node = FakeNode(body=_DONE, replies=[b'{"errors":true}', reply(b'{"index":{"status":201}}', _BUSY)])
    _, first, second = send(node, Built(contacts=[(1, b'{"num":1}'), (2, b'{"num":2}')]))
    assert first[1].endswith(second[1]) and b'"_id":"2"' in second[1] and b'"_id":"1"' not in second[1]


def test_shard_that_takes_no_documents_raises_engine_away() -> None:
    with pytest.raises(EngineAway, match="cannot index at present: rejected_execution_exception: full"):
        send(FakeNode(body=reply(_BUSY)), Built(contacts=[(1, b'{"num":1}')]))


def test_refused_document_raises_its_reason() -> None:
    with pytest.raises(ClusterError, match=r"mapper_parsing_exception.*no number"):
        send(FakeNode(body=reply(_INVALID)), Built(contacts=[(1, b'{"num":1}')]))


def test_large_documents_are_sent_in_several_requests() -> None:
    built = Built(contacts=[(num, b'{"num":%d,"title":"%s"}' % (num, b"x" * 1_000_000)) for num in range(12)])
    node = FakeNode(body=_DONE)
    sent = send(node, built)
    assert len(sent) == 3 and sum(body.count(b'"_id"') for _, body in sent) == 12


def test_digest_is_a_signed_number_of_the_document() -> None:
    assert with_digest(b'{"num":1}') == b'{"num":1,"digest":%d}' % digest_of(b'{"num":1}')
    digests = [digest_of(b"%d" % number) for number in range(100)]
    assert len(set(digests)) == 100 and min(digests) < 0 < max(digests) < 1 << 63


def test_request_without_a_reply_is_sent_again_while_loading() -> None:
    node = FakeNode(status=503, body=_DONE)

    def come_back() -> None:
        node.status = 200

    with fake_nodes(node) as url, closing(Client(read_address(url))) as client:
        times = BulkTimes(request=0.2, items=0.5, pause=0.01, away=60.0)
        with BulkSender(client, lambda part: part, times, come_back) as sender:
            sender.send(Built(contacts=[(1, b'{"num":1}')]), 17)
            sender.finish()
    bodies = [body for _, _, body in node.requests]
    assert len(bodies) > 1 and set(bodies) == {bodies[0]}


def test_request_is_given_up_when_the_check_raises() -> None:
    def give_up() -> None:
        raise InterruptedError

    node = FakeNode(status=503)
    with fake_nodes(node) as url, closing(Client(read_address(url))) as client:
        sender = BulkSender(client, str, BulkTimes(request=0.2, pause=0.01, away=60.0), give_up)
        with sender, pytest.raises(InterruptedError):  # noqa: PT012 (sending and its end are one)
            sender.send(Built(contacts=[(1, b'{"num":1}')]), 17)
            sender.finish()


@pytest.mark.parametrize("error", [KeyboardInterrupt, EngineAway])
def test_ctrl_c_ends_requests_without_a_reply(error: type[BaseException]) -> None:
    """Other errors wait for the requests, whose time limit is short here."""
    times = BulkTimes(request=60.0 if error is KeyboardInterrupt else 1.0, away=0.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = read_address(f"opensearch+http://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        with closing(Client(address)) as client, pytest.raises(error):  # noqa: SIM117, PT012
            with BulkSender(client, str, times) as sender:
                sender.send(Built(contacts=[(1, b'{"num":1}')]), 17)
                time.sleep(0.1)
                raise error
        assert time.monotonic() - started < 10
