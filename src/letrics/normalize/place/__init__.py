"""Locations: interpretation of a query's location, the keys of a stored place, and completion from the gazetteer."""

from letrics.normalize.place.enrichment import complete_place
from letrics.normalize.place.index_keys import gazetteer_fingerprint, place_keys, place_label
from letrics.normalize.place.interpretation import ReadAs, Reading, read_location
from letrics.normalize.place.several import split_places

__all__ = [
    "ReadAs",
    "Reading",
    "complete_place",
    "gazetteer_fingerprint",
    "place_keys",
    "place_label",
    "read_location",
    "split_places",
]
