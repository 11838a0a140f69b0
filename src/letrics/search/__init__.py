"""The search service: one way to run a search, for the API, the command line, pages and exports.

It asks the engine which records match, and the store for their documents.
"""

from letrics.search.service import Page, SearchService, WalkSizes

__all__ = ["Page", "SearchService", "WalkSizes"]
