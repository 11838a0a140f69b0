"""Settings: one row each is name, default and help. From `letrics.toml` in the home directory, then the environment
(`LETRICS_NAME`), then flags; unknown settings are refused."""

from __future__ import annotations

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


class SettingsError(Exception):
    """A setting is unknown or has a value it cannot have; the text says which, where and what is allowed."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting. The help of each is in its annotation."""

    host: Annotated[str, Meta(description="The address to listen on.")] = "127.0.0.1"
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
        int, Meta(ge=1, le=3600, description="How long a client may take nothing of a response before it is cut off.")
    ] = 60
    keep_alive_seconds: Annotated[
        int, Meta(ge=1, le=3600, description="How long an idle connection is kept open for the next request.")
    ] = 65
    public_url: Annotated[
        str,
        Meta(
            description="The URL by which people reach the pages, such as https://letrics.example.com: links begin "
            "with it, and its host is known."
        ),
    ] = ""
    allowed_hosts: Annotated[
        tuple[str, ...],
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
        tuple[Annotated[str, Meta(pattern=r"^(\*|[a-z][a-z0-9+.-]*://[a-z0-9.\[\]:_-]+)$")], ...],
        Meta(
            description="Sites whose scripts may use the API in a browser, such as https://crm.example; *: every one."
        ),
    ] = ()
    log_level: Annotated[
        str, Meta(pattern="^(debug|info|warning|error)$", description="What is logged: debug, info, warning or error.")
    ] = "info"

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if self.public_url:
            read_url(self.public_url)
        for host in self.allowed_hosts:
            _check_host(host)


_HOST_NAME: Final = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


def _check_host(text: str) -> None:
    if not _HOST_NAME.fullmatch(text):
        try:
            ipaddress.IPv6Address(text.strip("[]"))
        except ValueError:
            raise ValueError(
                f"{text[:100]!r} is not a host: write the name or address alone, without https:// and port, such as "
                "letrics.example.com, .example.com for all names below it too, or * for every host"
            ) from None


def read_url(text: str) -> str:
    """The URL by which people reach the pages, without a slash at its end. Raises ValueError saying what is wrong."""
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
    return text.rstrip("/")


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
    if file.exists():
        try:
            read = tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise SettingsError(f"{file}: {error}") from error
        _take(values, read, str(file))
    prefix = "LETRICS_"
    known_elsewhere = {"LETRICS_HOME", "LETRICS_TOKEN"}
    _take(
        values,
        {k[len(prefix) :].lower(): v for k, v in environ.items() if k.startswith(prefix) and k not in known_elsewhere},
        "the environment (LETRICS_…)",
    )
    _take(values, {k: v for k, v in (flags or {}).items() if v is not None}, "the command line")
    return msgspec.convert(values, Settings)


def _take(values: dict[str, Any], given: Mapping[str, Any], where: str) -> None:
    for name, value in given.items():
        if name not in Settings.__struct_fields__:
            known = ", ".join(Settings.__struct_fields__)
            raise SettingsError(f"{where}: there is no setting {name}; known are {known}")
        if isinstance(value, str) and isinstance(getattr(Settings(), name), tuple):
            value = [item.strip() for item in value.split(",") if item.strip()]
        try:
            read = msgspec.convert({name: value}, Settings, strict=not isinstance(value, str))
        except msgspec.ValidationError as error:
            raise SettingsError(f"{where}: {name} = {value!r}: {error}") from None
        values[name] = getattr(read, name)


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
