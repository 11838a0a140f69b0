"""The body of a search: its media type, its size, and the reading of its JSON into one object."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

import msgspec

from letrics.api.call import Call
from letrics.errors import INVALID_INPUT, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, LetricsError, problem
from letrics.query.values import shown

MAX_BYTES: Final = 1 << 20
"""The limit of a search's body."""

_JSON_TYPE: Final = re.compile(r"application/json|[a-z0-9!#$&^_.-]+/[a-z0-9!#$&^_.+-]+\+json")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_decoder: Final = msgspec.json.Decoder()


class ClientGone(Exception):
    """The caller closed the connection before the request was complete: there is nobody to answer."""


def check_media_type(call: Call) -> None:
    """Raises LetricsError (unsupported_media_type) unless Content-Type is absent or a JSON one."""
    for value in call.header(b"content-type"):
        if value == b"application/json":  # as nearly all have it
            continue
        text = value.decode("latin-1")
        if not _JSON_TYPE.fullmatch(text.partition(";")[0].strip().lower()):
            raise problem(
                UNSUPPORTED_MEDIA_TYPE,
                f"The body's Content-Type is {shown(text)}: send it as JSON, with the header "
                "Content-Type: application/json",
            )
    for value in call.header(b"content-encoding"):
        if value.strip().lower() not in (b"", b"identity"):
            raise problem(
                UNSUPPORTED_MEDIA_TYPE,
                f"The body's Content-Encoding is {shown(value.decode('latin-1'))}: send the body as it is",
            )


async def read_body(call: Call, limit: int = MAX_BYTES) -> bytes:
    """The whole body. Raises LetricsError (payload_too_large) as soon as it is known to be over `limit` bytes."""
    for value in call.header(b"content-length"):
        if value.isdigit() and int(value[:20]) > limit:
            raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await call.receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts) if len(parts) > 1 else parts[0]


def _too_large(limit: int) -> LetricsError:
    return problem(PAYLOAD_TOO_LARGE, f"The body is over {limit:,} bytes: split the request into several")


def parse_object(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`; nothing at all is an empty object.

    Raises LetricsError (invalid_input) saying what is wrong and where: JSON is read as RFC 8259 has it, in UTF-8
    without a byte order mark, and no object may have a key twice.
    """
    if not data:
        return {}
    try:
        value = _decoder.decode(data)
    except RecursionError:
        raise _invalid(
            "is nested too deeply: a search is one object whose values are texts, numbers and lists"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        _explain(data, error)
    if not isinstance(value, dict):
        raise _invalid(f'must be an object, such as {{"per_page": 10}}, and is {shown(value)}')
    if not _certainly_once(data, value):
        json.loads(data, object_pairs_hook=_once, parse_int=_skip, parse_float=_skip)
    for name, number in value.items():  # to JSON, 1.0 is the integer 1 (JSON Schema 2020-12, section 4.2.3)
        if isinstance(number, float) and number.is_integer():
            value[name] = int(number)
    return value


_KEYS: Final = 100
"""More than a search has fields."""


def _certainly_once(data: bytes, value: dict[str, Any]) -> bool:
    """Whether no key can be there twice, by a look that costs a twentieth of reading all of it again: the object is the
    only one, nothing in it is escaped, and the text of each key occurs once. Not tried with more keys than there are
    fields: each of them takes a look at all of the body."""
    if len(value) > _KEYS or b"\\" in data or data.count(b"{") > 1:
        return False
    return all(data.count(b'"%s"' % name.encode()) == 1 for name in value)


def _once(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    if len({name for name, _ in pairs}) != len(pairs):
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise problem(INVALID_INPUT, f"The key {shown(twice)} is given twice: send it once", field=twice[:200])


def _skip(_: str) -> None:
    """Numbers have been read once already."""


def _explain(data: bytes, error: Exception) -> NoReturn:
    """Say what is wrong with JSON that could not be decoded. Only reached on failure, so it may take its time."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise _invalid("begins with a byte order mark: send plain UTF-8 without it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as bad:
        byte = f"0x{data[bad.start]:02X}"
        raise _invalid(f"is not UTF-8: byte {bad.start + 1:,} ({byte}) cannot stand there") from None
    try:
        value = json.loads(text, parse_constant=_constant, parse_int=_skip, parse_float=_skip)
    except json.JSONDecodeError as bad:
        raise _invalid(f"is not JSON: {bad.msg.lower()} at line {bad.lineno}, column {bad.colno}") from None
    except RecursionError:
        raise _invalid("is nested too deeply") from None
    if _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise _invalid("holds half a surrogate pair (\\ud800 to \\udfff), which is not a character: remove it")
    if "out of range" in str(error):
        raise _invalid("holds a number too large for any field")
    raise _invalid("is not JSON")


def _constant(name: str) -> NoReturn:
    raise _invalid(f"is not JSON: it holds {name}, which JSON has no word for")


def _invalid(details: str) -> LetricsError:
    return problem(INVALID_INPUT, f"The body {details}")
