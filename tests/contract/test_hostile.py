"""Invalid requests. Each gets a 400 with the reason; none gets a 500."""

from __future__ import annotations

import json

import pytest

from tests.api.caller import Caller
from tests.contract.envelope import check

BODIES: dict[str, tuple[bytes, str]] = {
    "cut off": (b'{"per_page": ', "line 1"),
    "a word": (b"nul", "not valid JSON"),
    "a trailing comma": (b'{"per_page": 1,}', "column"),
    "single quotes": (b"{'per_page': 1}", "column 2"),
    "two values": (b"{} {}", "column 4"),
    "byte order mark": (b"\xef\xbb\xbf{}", "byte order mark"),
    "UTF-16": ("{}".encode("utf-16"), "not valid UTF-8"),
    "invalid UTF-8 in a value": (b'{"job_titles": ["\xff"]}', "byte 18"),
    "invalid UTF-8 in a name": (b'{"\xc3(": 1}', "not valid UTF-8"),
    "an encoded surrogate": (b'{"job_titles": ["\xed\xa0\x80"]}', "not valid UTF-8"),
    "an overlong form": (b'{"job_titles": ["\xc0\xaf"]}', "not valid UTF-8"),
    "half a surrogate pair": (b'{"job_titles": ["\\ud800"]}', "surrogate"),
    "the other half": (b'{"job_titles": ["\\udc00x"]}', "surrogate"),
    "halves in the wrong order": (b'{"job_titles": ["\\udc00\\ud800"]}', "surrogate"),
    "half a pair in a name": (b'{"\\ud800": 1}', "surrogate"),
    "a raw control character": (b'{"job_titles": ["a\x00b"]}', "column"),
    "a raw line break": (b'{"job_titles": ["a\nb"]}', "column"),
    "NaN": (b'{"page": NaN}', "NaN"),
    "Infinity": (b'{"page": Infinity}', "Infinity"),
    "minus Infinity": (b'{"page": -Infinity}', "-Infinity"),
    "a number beyond floats": (b'{"page": 1e999}', "too large"),
    "5,000 digits": (b'{"page": 1' + b"0" * 5000 + b"}", "too large"),
    "100,000 brackets": (b"[" * 100_000, "nested"),
    "100,000 closed brackets": (b"[" * 100_000 + b"]" * 100_000, "nested"),
    "100,000 braces": (b'{"a":' * 100_000, "nested"),
    "brackets in a value": (b'{"job_titles": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested"),
    "null": (b"null", "must be a JSON object"),
    "a list": (b"[]", "must be a JSON object"),
    "a text": (b'"manager"', "must be a JSON object"),
    "a number": (b"1", "must be a JSON object"),
    "blanks alone": (b"  \n", "line"),
    "a form": (b"job_titles=manager", "column 1"),
}

FIELDS: dict[str, tuple[bytes, str, str]] = {
    "a key twice": (b'{"page": 1, "page": 1}', "page", "twice"),
    "a key twice, escaped": (b'{"page": 1, "p\\u0061ge": 1}', "page", "twice"),
    "a key twice within": (b'{"locations": {"a": 1, "a": 1}}', "a", "twice"),
    "400 digits": (b'{"page": 1' + b"0" * 400 + b"}", "page", "1,000,000,000"),
    "over 63 bits": (b'{"page": 9223372036854775808}', "page", "1,000,000,000"),
    "over 64 bits": (b'{"per_page": 99999999999999999999}', "per_page", "100"),
    "minus one": (b'{"page": -1}', "page", "1"),
    "nought": (b'{"per_page": 0}', "per_page", "100"),
    "a float": (b'{"page": 1.5}', "page", "whole number"),
    "true as a number": (b'{"page": true}', "page", "whole number"),
    "a text as a number": (b'{"page": "1"}', "page", "whole number"),
    "one as true": (b'{"has_linkedin_profile": 1}', "has_linkedin_profile", "true or false"),
    "a text as true": (b'{"has_linkedin_profile": "true"}', "has_linkedin_profile", "true or false"),
    "a text as a list": (b'{"industries": "Software"}', "industries", '["Software"]'),
    "a number in a list": (b'{"industries": ["a", 1]}', "industries", "value 2"),
    "a list in a list": (b'{"industries": [["a"]]}', "industries", "value 1"),
    "null in a list": (b'{"industries": [null]}', "industries", "value 1"),
    "an object": (b'{"industries": {"a": 1}}', "industries", "list"),
    "a blank value": (b'{"industries": ["  "]}', "industries", "blank"),
    "a blank of another script": ('{"industries": ["\u3000\u2003"]}'.encode(), "industries", "blank"),
    "NUL": (b'{"industries": ["a\\u0000b"]}', "industries", "U+0000"),
    "DEL": (b'{"domains": ["a\\u007f.example"]}', "domains", "U+007F"),
    "201 characters": (b'{"industries": ["%s"]}' % (b"a" * 201), "industries", "200"),
    "501 values": (json.dumps({"industries": ["a"] * 501}).encode(), "industries", "500"),
    "10,001 domains": (json.dumps({"domains": ["a.example"] * 10_001}).encode(), "domains", "10,000"),
    "a bad timestamp": (b'{"added_after": "yesterday"}', "added_after", "timestamp"),
    "a number as a timestamp": (b'{"added_after": 1767225600}', "added_after", "timestamp"),
    "30 February": (b'{"added_after": "2026-02-30"}', "added_after", "does not exist"),
    "hour 24": (b'{"added_after": "2026-01-01T24:00:00Z"}', "added_after", "does not exist"),
    "before year 1": (b'{"added_after": "0001-01-01T00:00:00+23:59"}', "added_after", "year"),
    "after year 9999": (b'{"added_before": "9999-12-31T23:59:59-01:00"}', "added_before", "year"),
    "year 0": (b'{"added_before": "0000-01-01"}', "added_before", "does not exist"),
    "a blank timestamp": (b'{"added_before": " "}', "added_before", "blank"),
    "digits of another script": ('{"added_after": "２０２６-01-01"}'.encode(), "added_after", "timestamp"),
    "after is later": (b'{"added_after": "2026-02-01", "added_before": "2026-01-31"}', "added_after", "later"),
    "an unknown order": (b'{"order": "sideways"}', "order", "oldest"),
    "order as a number": (b'{"order": 1}', "order", "newest"),
    "a blank cursor": (b'{"cursor": ""}', "cursor", "next_cursor"),
    "a made-up cursor": (b'{"cursor": "abc"}', "cursor", "next_cursor"),
    "a cursor in another script": ('{"cursor": "курсор"}'.encode(), "cursor", "next_cursor"),
    "a cursor as a number": (b'{"cursor": 5}', "cursor", "string"),
    "cursor and page": (b'{"cursor": "abc", "page": 1}', "cursor", "page"),
    "a typo": (b'{"indutries": ["a"]}', "indutries", "industries"),
    "another case": (b'{"Industries": ["a"]}', "Industries", "industries"),
    "an empty name": (b'{"": 1}', "", "not a field"),
    "a name with NUL": (b'{"\\u0000": 1}', "\x00", "not a field"),
}  # fmt: skip


@pytest.mark.parametrize("target", ["/v1/contacts", "/v1/companies"])
@pytest.mark.parametrize(("body", "says"), BODIES.values(), ids=BODIES)
def test_a_body_that_cannot_be_read(api: Caller, target: str, body: bytes, says: str) -> None:
    assert says in check(api.post(target, body), "invalid_input")


@pytest.mark.parametrize("target", ["/v1/contacts", "/v1/companies"])
@pytest.mark.parametrize(("body", "field", "says"), FIELDS.values(), ids=FIELDS)
def test_a_member_that_cannot_be_read(api: Caller, target: str, body: bytes, field: str, says: str) -> None:
    assert says in check(api.post(target, body), "invalid_input", field)


def test_a_name_of_a_megabyte_is_not_sent_back_whole(api: Caller) -> None:
    reply = api.post("/v1/contacts", b'{"%s": 1}' % (b"a" * 1_000_000))
    assert reply.status == 400
    assert len(reply.body) < 2_000


def test_every_problem_is_told_at_once_one_a_field(api: Caller) -> None:
    body = {"page": 0, "industries": ["", 1], "colour": 1, "added_after": "x", "added_before": "2026-01-01"}
    errors = api.post("/v1/contacts?q=1&q=2", body).errors
    assert sorted(item["field"] for item in errors) == ["added_after", "colour", "industries", "page", "q"]
    assert {item["id"] for item in errors} == {"invalid_input"}
    many = api.post("/v1/contacts", {f"x{n}": 1 for n in range(200)})
    assert len(many.errors) == 50


QUERIES: dict[str, tuple[str, str, str]] = {
    "an unknown name": ("colour=red", "colour", "not a field"),
    "a typo": ("indutries=a", "indutries", "industries"),
    "a scalar twice": ("page=1&page=2", "page", "twice"),
    "the same scalar twice": ("has_linkedin_profile=true&has_linkedin_profile=true", "has_linkedin_profile", "twice"),
    "a scalar in brackets": ("page[]=1", "page", "brackets"),
    "an index in brackets": ("industries[0]=a", "industries[0]", "industries"),
    "a word as a number": ("page=two", "page", "whole number"),
    "a number too large": ("per_page=1000", "per_page", "100"),
    "digits without end": ("page=" + "9" * 5000, "page", "whole number"),
    "a float": ("page=1.5", "page", "whole number"),
    "digits of another script": ("page=%D9%A1", "page", "whole number"),
    "TRUE": ("has_linkedin_profile=TRUE", "has_linkedin_profile", "true or false"),
    "1": ("has_linkedin_profile=1", "has_linkedin_profile", "true or false"),
    "a blank": ("industries=%20", "industries", "blank"),
    "NUL": ("industries=a%00", "industries", "U+0000"),
    "invalid UTF-8": ("industries=%FF", "industries", "UTF-8"),
    "raw invalid UTF-8": ("industries=\xff", "industries", "UTF-8"),
    "an encoded surrogate": ("industries=%ED%A0%80", "industries", "UTF-8"),
    "invalid UTF-8 in a name": ("indu%FF=a", "indu\ufffd", "UTF-8"),
    "a bad timestamp": ("added_after=2026-13-01", "added_after", "does not exist"),
    "an empty name": ("=x", "", "not a field"),
    "NUL in a name": ("%00=x", "\x00", "not a field"),
    "JSON": ("%7B%22page%22%3A1%7D=", '{"page":1}', "not a field"),
}


@pytest.mark.parametrize("target", ["/v1/contacts", "/v1/companies"])
@pytest.mark.parametrize(("query", "field", "says"), QUERIES.values(), ids=QUERIES)
def test_a_query_string_that_cannot_be_read(api: Caller, target: str, query: str, field: str, says: str) -> None:
    assert says in check(api.get(f"{target}?{query}"), "invalid_input", field)


def test_a_get_search_with_a_body_is_not_run_without_it(api: Caller) -> None:
    assert "POST" in check(api.call("GET", "/v1/contacts", b'{"industries": ["x"]}'), "invalid_input")
    assert "POST" in check(api.call("GET", "/v1/contacts", [b"{}"]), "invalid_input")


@pytest.mark.parametrize("target", ["/v1/contacts/ann", "/v1/companies/acme.example"])
def test_a_record_takes_no_parameters(api: Caller, target: str) -> None:
    check(api.get(f"{target}?fields=name"), "invalid_input", "fields")


@pytest.mark.parametrize("target", ["/v1/contacts", "/v1/companies"])
def test_a_post_takes_no_query_parameters(api: Caller, target: str) -> None:
    assert "JSON body" in check(api.post(f"{target}?page=2", {"page": 2}), "invalid_input", "page")


def test_a_caller_who_leaves_is_not_answered(api: Caller) -> None:
    assert api.call("POST", "/v1/contacts", []).status == 0
