"""Letrics: search your own companies and contacts, with exact totals at any depth."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("letrics")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0.0.0"
