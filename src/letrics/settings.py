"""Settings, with the name, type, default and help of each.

They are read from `letrics.toml` in the home directory, then from environment variables (`LETRICS_NAME`), then from
command line options. Later sources override earlier ones. Unknown settings are an error.
"""

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

from letrics.database_url import without_password
from letrics.setting_values import ALLOWED, required, shown

PREFIX: Final = "LETRICS_"
_NO_SETTINGS: Final = frozenset({"LETRICS_HOME", "LETRICS_TOKEN"})
"""Environment variables that have the prefix and are not settings."""


class SettingsError(Exception):
    """A setting is unknown or its value is invalid. The message names the setting, its source and the valid values."""


_HOST_NAME: Final = re.compile(r"\*|\.?[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){0,126}")
"""Matches an item of allowed_hosts: a host name, an IPv4 address, a domain with a leading dot, or *."""
_HOST: Final = (
    "a host name or address without https:// and port, such as letrics.example.com, .example.com for a domain and its "
    "subdomains, or * for every host"
)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings. The annotation of each contains its help text."""

    host: Annotated[
        str, Meta(min_length=1, description="The address to listen on.", extra={ALLOWED: "a host name or an address"})
    ] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="The port to listen on; 0 selects a free port.")] = 8000
    workers: Annotated[int, Meta(ge=1, le=64, description="Number of server processes that share the port.")] = 1
    query_budget_ms: Annotated[
        int,
        Meta(ge=1, le=600_000, description="Time limit of one query, in milliseconds; beyond it, it fails with 503."),
    ] = 2000
    follow_ms: Annotated[
        int,
        Meta(
            ge=10,
            le=10_000,
            description="Interval at which a server checks the database for changes, in milliseconds.",
        ),
    ] = 200
    retention_days: Annotated[
        int,
        Meta(
            ge=0,
            le=36_500,
            description="A server deletes contacts that have not changed for more days than this, once a day; 0 keeps "
            "them for ever.",
        ),
    ] = 0
    batch_size: Annotated[
        int, Meta(ge=1, le=1_000_000, description="Number of rows that an import commits together.")
    ] = 100_000
    max_upload: Annotated[
        int,
        Meta(
            ge=1,
            le=1 << 50,
            description="Maximum size of a file that is uploaded for an import, in bytes.",
        ),
    ] = 1 << 30
    index_cache_mb: Annotated[
        int,
        Meta(
            ge=16,
            le=1_000_000,
            description="Cache for the decompressed index and for repeated filters in each server process, in MB.",
        ),
    ] = 384
    requests_per_second: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="Rate limit of a token in each server process, in requests per second; 0: no limit.",
        ),
    ] = 0
    concurrent_requests: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000,
            description="Maximum number of API requests in progress in each server process, without the following "
            "kinds; further ones get 503.",
        ),
    ] = 128
    concurrent_heavy_searches: Annotated[
        int,
        Meta(
            ge=1,
            le=10_000,
            description="Maximum number of searches in progress in each server process that take more than 5 ms of "
            "processor time; further ones get 503, as do those that could not end within their time budget.",
        ),
    ] = 64
    concurrent_exports: Annotated[
        int,
        Meta(
            ge=1,
            le=10_000,
            description="Maximum number of exports in progress in each server process; further ones get 503.",
        ),
    ] = 4
    concurrent_uploads: Annotated[
        int,
        Meta(
            ge=1,
            le=10_000,
            description="Maximum number of uploads in progress in each server process; further ones get 503.",
        ),
    ] = 4
    concurrent_changes: Annotated[
        int,
        Meta(
            ge=1,
            le=64,
            description="Maximum number of deletions, upserts, merges and undos in progress in each server process; "
            "further ones get 503.",
        ),
    ] = 8
    token_share_percent: Annotated[
        int,
        Meta(
            ge=1,
            le=100,
            description="How much of each of these maximums one token, or one signed-in user, may use, in percent (at "
            "least one request); beyond it, requests get 429.",
        ),
    ] = 50
    max_connections: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="Maximum number of concurrent connections of each server process; further ones get 503. 0: 192 "
            "less than the limit of open files (ulimit -n), at most 10,000.",
        ),
    ] = 0
    head_timeout_seconds: Annotated[
        int, Meta(ge=1, le=3600, description="Time limit for a client to send the head of a request, in seconds.")
    ] = 10
    body_timeout_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=3600,
            description="Time limit for a client to send a body, in seconds; each KiB received adds one second.",
        ),
    ] = 30
    write_timeout_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=3600,
            description="Time in seconds in which a client must read a response or 1 KiB a second of it.",
        ),
    ] = 60
    keep_alive_seconds: Annotated[
        int,
        Meta(ge=1, le=3600, description="Time that an idle connection stays open for the next request, in seconds."),
    ] = 65
    public_url: Annotated[
        str,
        Meta(
            description="The public URL of the pages, such as https://letrics.example.com. Links begin with it, and "
            "its host is accepted.",
            extra={
                ALLOWED: "the URL of a site without a path, as pages are served at /, such as https://letrics.example.com"
            },
        ),
    ] = ""
    allowed_hosts: Annotated[
        tuple[Annotated[str, Meta(extra={ALLOWED: _HOST})], ...],
        Meta(
            description="Further host names that the server accepts; .example.com: the domain and its subdomains; *: "
            "every host. The host of public_url, the listening address and loopback names are always accepted."
        ),
    ] = ()
    https: Annotated[
        bool,
        Meta(description="Whether the pages are served over HTTPS by a proxy that does not say so in its headers."),
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
            description="Origins whose scripts may use the API in a browser, such as https://crm.example; *: every "
            "origin."
        ),
    ] = ()
    log_level: Annotated[
        str,
        Meta(
            pattern="^(debug|info|warning|error)$",
            description="Minimum level of log messages: debug, info, warning or error.",
            extra={ALLOWED: "debug, info, warning or error"},
        ),
    ] = "info"
    log_format: Annotated[
        str,
        Meta(
            pattern="^(text|json)$",
            description="The form of log lines on standard error: text, or json for one JSON object a line.",
            extra={ALLOWED: "text or json"},
        ),
    ] = "text"
    log_requests: Annotated[
        bool, Meta(description="Whether the log has a line for each request, without its query string and body.")
    ] = False
    security_log: Annotated[
        str,
        Meta(
            pattern="^(file|stderr|off)$",
            description="Where security events go: file (security.log in the home), stderr (the log), or off.",
            extra={ALLOWED: "file, stderr or off"},
        ),
    ] = "file"
    security_log_mb: Annotated[
        int,
        Meta(
            ge=1,
            le=10_000,
            description="Size at which security.log is replaced by a new file, in MB. Nine older files stay.",
        ),
    ] = 10
    metrics_port: Annotated[
        int,
        Meta(ge=0, le=65535, description="A separate port for /metrics; 0: it is on the port of the API."),
    ] = 0
    metrics_host: Annotated[
        str, Meta(description="The address that metrics_port listens on. Empty: that of the setting host.")
    ] = ""
    database: Annotated[
        str,
        Meta(
            pattern=r"^(postgres(ql)?://[!-~]+)?$",
            description="The database of records and accounts. Empty: SQLite files in the home directory. "
            "Or PostgreSQL: postgresql://USER:PASSWORD@HOST:PORT/NAME, with several hosts as HOST:PORT,HOST:PORT and "
            "with parameters such as ?sslmode=verify-full.",
            extra={
                ALLOWED: "empty, which means SQLite files in the home directory, or "
                "postgresql://USER:PASSWORD@HOST:PORT/NAME"
            },
        ),
    ] = ""
    engine: Annotated[
        str,
        Meta(
            pattern=r"^(bitmap|opensearch\+https?://.+)$",
            description="What finds the matching records: bitmap, an index in the memory of each server process, or "
            "the URL of an OpenSearch cluster.",
            extra={ALLOWED: "bitmap, or a URL such as opensearch+https://user:password@host1:9200,host2:9200/letrics"},
        ),
    ] = "bitmap"

    def __post_init__(self) -> None:
        """Normalise `public_url`. Raises ValueError if a setting violates the description in its `ALLOWED`."""
        if self.public_url:
            msgspec.structs.force_setattr(self, "public_url", read_url(self.public_url))
        if not all(map(_is_host, self.allowed_hosts)):
            raise ValueError

    def changed(self) -> dict[str, Any]:
        """The settings that differ from their defaults, for logs: URLs without passwords, and secrets as `***`."""
        usual = Settings()
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: _shown(name, value) for name, value in found.items() if value != getattr(usual, name)}


def _shown(name: str, value: Any) -> Any:
    if any(word in name for word in ("secret", "password", "key")):
        return "***"
    return without_password(value) if isinstance(value, str) else value


def _is_host(text: str) -> bool:
    if _HOST_NAME.fullmatch(text):
        return True
    try:
        ipaddress.IPv6Address(text.strip("[]"))
    except ValueError:
        return False
    return True


def read_url(text: str) -> str:
    """Check a public URL; returns it in lower case and without a trailing slash.

    Raises ValueError with the reason if it is invalid.
    """
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
        raise ValueError(f"{text[:100]!r} must contain only a host and a port, {example}: pages are served at /")
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
    """Whether commands of this user find this home directory without `--home`, whatever the environment variables."""
    return path == Path.home() / ".local" / "share" / "letrics"


def load_settings(
    home: Path, flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """Load the effective settings of `home`. `flags` that are None count as absent.

    Raises SettingsError with the name of the setting, its source and the valid values.
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
        raise SettingsError(f"{file} is not valid TOML: {reason[:1].lower()}{reason[1:]}, at {place}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from None


def _checked(name: str, value: Any, source: str) -> Any:
    """Convert a value to the type of the setting `name`. `source` is where it was given.

    Raises SettingsError.
    """
    if name not in Settings.__struct_fields__:
        near = difflib.get_close_matches(name, Settings.__struct_fields__, 1)
        hint = f"did you mean {near[0]}?" if near else f"available are {', '.join(Settings.__struct_fields__)}"
        raise SettingsError(f"there is no setting {name} ({source}): {hint}")
    given = value.strip() if isinstance(value, str) else value
    if isinstance(given, str) and isinstance(getattr(Settings(), name), tuple):
        given = [item for part in given.split(",") if (item := part.strip())]
    try:
        read = msgspec.convert({name: given}, Settings, strict=not isinstance(given, str))
    except msgspec.ValidationError:
        got = without_password(value) if name in ("database", "engine") and isinstance(value, str) else value
        raise SettingsError(f"{name} must be {required(Settings, name, given)}: got {shown(got)} ({source})") from None
    return getattr(read, name)


class Home(msgspec.Struct, frozen=True):
    """The directory of all data, with the paths of its files."""

    path: Path

    @property
    def database(self) -> Path:
        """The database of records and their changes (SQLite)."""
        return self.path / "letrics.db"

    @property
    def accounts(self) -> Path:
        """The database of users and tokens. It is a separate file, so that signing in never waits for an import's write
        lock."""
        return self.path / "accounts.db"

    @property
    def idempotency(self) -> Path:
        """The responses of requests with an Idempotency-Key, for 24 hours."""
        return self.path / "idempotency.db"

    @property
    def snapshot(self) -> Path:
        """The saved index."""
        return self.path / "index" / "bitmap.snapshot"

    @property
    def engine_socket(self) -> Path:
        """The Unix socket through which commands ask the engine of a running server."""
        return self.path / "engine.sock"

    @property
    def followers(self) -> Path:
        """The directory in which each process of a server keeps how far it has applied the log."""
        return self.path / "followers"

    @property
    def restoring(self) -> Path:
        """Exists until a restore is complete. It says which backup is being restored."""
        return self.path / ".restoring"

    def make(self) -> Home:
        """Create the directory if it is missing, readable only by its owner."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self
