"""Settings: one row each is name, default and help. From `letrics.toml` in the home directory, then the environment
(`LETRICS_NAME`), then flags; unknown settings are refused."""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from letrics.setting_values import ALLOWED, required, shown

PREFIX: Final = "LETRICS_"
_NO_SETTINGS: Final = frozenset({"LETRICS_HOME", "LETRICS_TOKEN"})
"""Variables with the prefix that are no settings."""


class SettingsError(Exception):
    """A setting is unknown or has a value it cannot have; the text says which, where and what is allowed."""


_HOST_NAME: Final = re.compile(r"\*|\.?[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){0,126}")
_HOST: Final = (
    "a host name or address without https:// and port, such as letrics.example.com, .example.com for all names "
    "below it too, or * for every host"
)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting. The help of each is in its annotation."""

    host: Annotated[
        str, Meta(min_length=1, description="The address to listen on.", extra={ALLOWED: "a host name or an address"})
    ] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="The port to listen on; 0 takes a free one.")] = 8000
    workers: Annotated[int, Meta(ge=1, le=64, description="How many server processes share the port.")] = 1
    query_budget_ms: Annotated[
        int, Meta(ge=1, le=600_000, description="How long one query may take before it ends in 503.")
    ] = 2000
    follow_ms: Annotated[
        int, Meta(ge=10, le=10_000, description="How often a server looks for changes of other processes.")
    ] = 200
    batch_size: Annotated[
        int, Meta(ge=1, le=1_000_000, description="How many rows of an import are committed together.")
    ] = 100_000
    index_cache_mb: Annotated[
        int,
        Meta(
            ge=16,
            le=1_000_000,
            description="How much of the index, and of filters asked again, each server process keeps unpacked.",
        ),
    ] = 384
    requests_per_second: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="How many requests a second a token may send each server process; 0: no limit.",
        ),
    ] = 0
    max_connections: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="How many connections each server process serves at a time; further ones get 503. 0: 192 below "
            "the limit of open files (ulimit -n), at most 10,000.",
        ),
    ] = 0
    head_timeout_seconds: Annotated[
        int, Meta(ge=1, le=3600, description="How long a client may take to send the head of a request.")
    ] = 10
    body_timeout_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=3600,
            description="How long a client may take to send a body, and a second more for each KiB of it.",
        ),
    ] = 30
    write_timeout_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=3600,
            description="How long a client may take less than 1 KiB a second of a response before it is cut off.",
        ),
    ] = 60
    keep_alive_seconds: Annotated[
        int, Meta(ge=1, le=3600, description="How long an idle connection is kept open for the next request.")
    ] = 65
    public_url: Annotated[
        str,
        Meta(
            description="The URL by which people reach the pages, such as https://letrics.example.com: links begin "
            "with it, and its host is known.",
            extra={
                ALLOWED: "the URL of a site without a path, as pages are served at /, such as https://letrics.example.com"
            },
        ),
    ] = ""
    allowed_hosts: Annotated[
        tuple[Annotated[str, Meta(extra={ALLOWED: _HOST})], ...],
        Meta(
            description="Further hosts by which the server may be addressed; .example.com: that one and all below it; "
            "*: every one. The host of public_url, the address listened on and loopback names are known anyway."
        ),
    ] = ()
    https: Annotated[
        bool,
        Meta(description="Whether people reach the pages over HTTPS though the proxy does not say so itself."),
    ] = False
    cors_origins: Annotated[
        tuple[
            Annotated[
                str,
                Meta(
                    pattern=r"^(\*|[a-z][a-z0-9+.-]*://[a-z0-9.\[\]:_-]+)$",
                    extra={ALLOWED: "an origin such as https://crm.example, or *"},
                ),
            ],
            ...,
        ],
        Meta(
            description="Sites whose scripts may use the API in a browser, such as https://crm.example; *: every one."
        ),
    ] = ()
    log_level: Annotated[
        str,
        Meta(
            pattern="^(debug|info|warning|error)$",
            description="What is logged: debug, info, warning or error.",
            extra={ALLOWED: "debug, info, warning or error"},
        ),
    ] = "info"

    def __post_init__(self) -> None:
        """Normalise `public_url` (`read_url`). Raises ValueError where a setting is not what its `ALLOWED` says."""
        if self.public_url:
            msgspec.structs.force_setattr(self, "public_url", read_url(self.public_url))
        if not all(map(_is_host, self.allowed_hosts)):
            raise ValueError


def _is_host(text: str) -> bool:
    if _HOST_NAME.fullmatch(text):
        return True
    try:
        ipaddress.IPv6Address(text.strip("[]"))
    except ValueError:
        return False
    return True


def read_url(text: str) -> str:
    """The URL by which people reach the pages, in lower case and without a slash at its end. Raises ValueError saying
    what is wrong."""
    example = "such as https://letrics.example.com or http://intranet:8000"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not text.isascii() or any(c <= " " or c in "<>\"'\\\x7f" for c in text):
        raise ValueError(
            f"{text[:100]!r} is not the URL of a site: it must be http:// or https:// and a host, {example}"
        )
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"{text[:100]!r} must have nothing but a host and a port, {example}: pages are served at /")
    return f"{parts.scheme}://{parts.netloc.lower()}"


FILE_NAME: Final = "letrics.toml"


def default_home() -> Path:
    """`$LETRICS_HOME`, else `$XDG_DATA_HOME/letrics`, else `~/.local/share/letrics`."""
    given = os.environ.get("LETRICS_HOME")
    if given:
        return Path(given).expanduser()
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "letrics"


def is_usual_home(path: Path) -> bool:
    """Whether commands find this directory without `--home` in every shell of this user, whatever the environment."""
    return path == Path.home() / ".local" / "share" / "letrics"


def load_settings(
    home: Path, flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """The settings in force for `home`; `flags` that are None count as not given.

    Raises SettingsError naming the setting, where it was read and what is allowed.
    """
    values: dict[str, Any] = {}
    file = home / FILE_NAME
    for name, value in _read_file(file).items():
        values[name] = _checked(name, value, str(file))
    for variable, text in environ.items():
        if variable.startswith(PREFIX) and variable not in _NO_SETTINGS:
            name = variable.removeprefix(PREFIX).lower()
            values[name] = _checked(name, text, variable)
    for name, value in (flags or {}).items():
        if value is not None:
            values[name] = _checked(name, value, f"--{name.replace('_', '-')}")
    return msgspec.convert(values, Settings)


def _read_file(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).rstrip(")").rpartition(" (at ")
        raise SettingsError(f"{file} is not TOML: {reason[:1].lower()}{reason[1:]}, at {place}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from None


def _checked(name: str, value: Any, source: str) -> Any:
    """The value of a setting in its type. `source` says where it was given.

    Raises SettingsError in this program's own words.
    """
    if name not in Settings.__struct_fields__:
        near = difflib.get_close_matches(name, Settings.__struct_fields__, 1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(Settings.__struct_fields__)}"
        raise SettingsError(f"there is no setting {name} ({source}): {hint}")
    given = value.strip() if isinstance(value, str) else value
    if isinstance(given, str) and isinstance(getattr(Settings(), name), tuple):
        given = [item for part in given.split(",") if (item := part.strip())]
    try:
        read = msgspec.convert({name: given}, Settings, strict=not isinstance(given, str))
    except msgspec.ValidationError:
        raise SettingsError(
            f"{name} must be {required(Settings, name, given)}: got {shown(value)} ({source})"
        ) from None
    return getattr(read, name)


class Home(msgspec.Struct, frozen=True):
    """The one directory that holds all data, and where in it each thing lies."""

    path: Path

    @property
    def database(self) -> Path:
        """The log store (SQLite)."""
        return self.path / "letrics.db"

    @property
    def accounts(self) -> Path:
        """Users and tokens: a file of its own, so that signing in never waits for an import's write lock."""
        return self.path / "accounts.db"

    @property
    def snapshot(self) -> Path:
        """The saved index."""
        return self.path / "index" / "bitmap.snapshot"

    def make(self) -> Home:
        """Create the directory, readable by its owner alone, where it is missing."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self
