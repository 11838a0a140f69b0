"""The JSON body of a request: checks its media type and size, and parses its object."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any, Final, NoReturn

import msgspec

from letrics.api.call import Call
from letrics.errors import INVALID_INPUT, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, LetricsError, problem
from letrics.query.request_values import shown

MAX_BYTES: Final = 1 << 20
"""The maximum size of a search's body, in bytes."""

_JSON_TYPE: Final = re.compile(r"application/json|[a-z0-9!#$&^_.-]+/[a-z0-9!#$&^_.+-]+\+json")
"""Matches a JSON media type: application/json, or any type with the suffix +json (RFC 6839, section 3.1)."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Matches a lone surrogate: half of a UTF-16 pair, which is not a character."""
_decoder: Final = msgspec.json.Decoder()


class ClientGone(Exception):
    """The client closed the connection before the request was complete: no response is sent."""


def check_media_type(call: Call) -> None:
    """Raise LetricsError (unsupported_media_type) unless Content-Type is absent or a JSON type, and the body is not
    compressed."""
    for value in call.header(b"content-type"):
        if value == b"application/json":  # the most common case
            continue
        text = value.decode("latin-1")
        if not _JSON_TYPE.fullmatch(text.partition(";")[0].strip().lower()):
            raise problem(
                UNSUPPORTED_MEDIA_TYPE,
                f"The body's Content-Type {shown(text)} is not supported: send JSON with the header "
                "Content-Type: application/json",
            )
    for value in call.header(b"content-encoding"):
        if value.strip().lower() not in (b"", b"identity"):
            raise problem(
                UNSUPPORTED_MEDIA_TYPE,
                f"The body's Content-Encoding {shown(value.decode('latin-1'))} is not supported: send the body "
                "uncompressed",
            )


async def read_body(call: Call, limit: int = MAX_BYTES) -> bytes:
    """Read the whole body.

    Raises LetricsError (payload_too_large) as soon as it exceeds `limit` bytes, and ClientGone.
    """
    too_large = f"The body exceeds {limit:,} bytes: split the request into several"
    parts = [part async for part in read_parts(call, limit, too_large)]
    return b"".join(parts) if len(parts) > 1 else parts[0]


async def read_parts(call: Call, limit: int, too_large: str) -> AsyncIterator[bytes]:
    """Yield the parts of the body as they arrive, at least one, which may be empty.

    Raises LetricsError (payload_too_large) with the details `too_large` as soon as the body exceeds `limit` bytes, and
    ClientGone.
    """
    for value in call.header(b"content-length"):
        if value.isdigit() and int(value[:20]) > limit:
            raise problem(PAYLOAD_TOO_LARGE, too_large)
    size, more = 0, True
    while more:
        message = await call.receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise problem(PAYLOAD_TOO_LARGE, too_large)
        more = message.get("more_body", False)
        yield part


def parse_object(data: bytes, example: str = '{"per_page": 10}') -> dict[str, Any]:
    """Parse the JSON object in `data`. An empty body is an empty object. Errors show the `example` of an object.

    JSON must conform to RFC 8259, in UTF-8 without a byte order mark, and no object may have duplicate keys.
    Raises LetricsError (invalid_input) that names the error and its position.
    """
    if not data:
        return {}
    try:
        value = _decoder.decode(data)
    except RecursionError:
        raise _invalid(f"is nested too deeply: send an object such as {example}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        _explain(data, error)
    if not isinstance(value, dict):
        raise _invalid(f"must be a JSON object, such as {example}, not {shown(value)}")
    if not _certainly_once(data, value):
        json.loads(data, object_pairs_hook=_once, parse_int=_skip, parse_float=_skip)
    for name, number in value.items():  # in JSON, 1.0 is the integer 1 (JSON Schema 2020-12, section 4.2.3)
        if isinstance(number, float) and number.is_integer():
            value[name] = int(number)
    return value


_KEYS: Final = 100
"""Maximum number of keys for the fast check of duplicates. It exceeds the number of fields of a search."""


def _certainly_once(data: bytes, value: dict[str, Any]) -> bool:
    """Whether a cheap check rules out duplicate keys: there is one object, it has no escapes, and the text of each key
    occurs once. It takes 5 % of the time of parsing the body again. Bodies with more than `_KEYS` keys are not
    checked, because each key takes a scan of the body."""
    if len(value) > _KEYS or b"\\" in data or data.count(b"{") > 1:
        return False
    return all(data.count(b'"%s"' % name.encode()) == 1 for name in value)


def _once(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    if len({name for name, _ in pairs}) != len(pairs):
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise problem(INVALID_INPUT, f"The body has the key {shown(twice)} twice: send it once", field=twice[:200])


def _skip(_: str) -> None:
    """Skip a number: the first parse has converted it."""


def _explain(data: bytes, error: Exception) -> NoReturn:
    """Raise the error that describes why JSON could not be decoded. Only runs on failure, so it may be slow."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise _invalid("begins with a byte order mark: send UTF-8 without it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as bad:
        byte = f"0x{data[bad.start]:02X}"
        raise _invalid(f"is not valid UTF-8: byte {bad.start + 1:,} ({byte}) is not allowed there") from None
    try:
        value = json.loads(text, parse_constant=_constant, parse_int=_skip, parse_float=_skip)
    except json.JSONDecodeError as bad:
        raise _invalid(f"is not valid JSON: {bad.msg.lower()} at line {bad.lineno}, column {bad.colno}") from None
    except RecursionError:
        raise _invalid("is nested too deeply") from None
    if _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise _invalid("contains a lone surrogate (\\ud800 to \\udfff), which is not a character: remove it")
    if "out of range" in str(error):
        raise _invalid("contains a number that is too large for any field")
    raise _invalid("is not valid JSON")


def _constant(name: str) -> NoReturn:
    raise _invalid(f"is not valid JSON: it contains {name}, which is not a JSON value")


def _invalid(details: str) -> LetricsError:
    return problem(INVALID_INPUT, f"The body {details}")
