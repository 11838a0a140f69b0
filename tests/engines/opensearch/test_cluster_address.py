"""The URL of a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.engines.opensearch.cluster_address import EXAMPLE, Address, read_address


def test_address_of_the_example_has_all_parts() -> None:
    nodes = ("https://host1:9200", "https://host2:9200")
    assert read_address(EXAMPLE) == Address(nodes, "letrics", "user", "password", Path("/etc/ssl/ca.pem"), 3)


def test_address_of_a_host_has_default_port_and_prefix() -> None:
    assert read_address("opensearch+http://search.example") == Address(("http://search.example:9200",), "letrics")


def test_address_of_ip_addresses_keeps_them() -> None:
    address = read_address("opensearch+http://127.0.0.1:9201,[::1]:9202/crm_2")
    assert address == Address(("http://127.0.0.1:9201", "http://[::1]:9202"), "crm_2")


def test_address_with_escaped_password_decodes_it() -> None:
    address = read_address("opensearch+https://a%40b:p%2Fq%3A@h")
    assert (address.user, address.password) == ("a@b", "p/q:")
    assert "p/q" not in repr(address) + str(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://h", "opensearch://h", "opensearch+http://", "opensearch+http://a,,b", "opensearch+http://h:0x",
        "opensearch+http://h:99999", "opensearch+http://h/Upper", "opensearch+http://h/a/b", "opensearch+http://a b",
        "opensearch+https://h?verify=no", "opensearch+http://h?shards=0", "opensearch+http://h?shards=x",
        "opensearch+http://h?shards=1025", "opensearch+http://h?ca=x", "opensearch+https://h#x",
    ],
)  # fmt: skip
def test_address_of_an_invalid_url_raises_without_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"URL|host|ca|shards") as raised:
        read_address(url.replace("//", "//u:secret@", 1))
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("mark", ["/", "?", "#", "[", "\u2100"])
def test_address_with_unescaped_password_is_not_shown(mark: str) -> None:
    with pytest.raises(ValueError, match="percent-encoding") as raised:
        read_address(f"opensearch+https://u:sec{mark}ret@h/letrics")
    assert "sec" not in str(raised.value)
