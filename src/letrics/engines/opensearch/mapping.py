"""Mapping: the settings and fields of the indexes, derived from the field catalogue.

OpenSearch analyses nothing by itself: values are folded before they are sent, in documents as in queries. Substrings
are found by n-grams of three characters (`tri`) with their positions, which is exact in every script. A text ends with
two line breaks, which no folded text contains, so each of its characters begins such an n-gram. Whole words have a
separate field (`words`), for filters of words and for the words that are similar to an unknown one.
"""

from __future__ import annotations

from typing import Any, Final

from letrics.engines.opensearch.names import Part
from letrics.fields import CATALOGUE, DOMAIN, FACTS, Fact, Owner, facts_of
from letrics.normalize.title_words import SKIPPED
from letrics.records import SINGULAR, Kind

NUM: Final = "num"
"""The field of the record's num. Results are sorted by it."""
TRIGRAMS: Final = "tri"
"""The sub-field of n-grams of three characters."""
WORDS: Final = "words"
"""The sub-field of whole words."""
SPACED: Final = "spaced"
"""The analyzer of a query for n-grams at some positions of a text: see `spaced_trigrams`."""
_GAP: Final = "-"
"""Stands for a position without an n-gram."""
END: Final = "\n\n"
"""The end of every text of an index."""

_PRIMARY: Final = frozenset(fact.primary for fact in FACTS if fact.primary is not None)
"""The facts that replace others in queries for the primary value."""
_PHRASES: Final = frozenset(field.contacts for field in CATALOGUE if field.kind == "words")
"""The facts in which several words are searched next to each other."""
MAX_KEYWORD_LENGTH: Final = 10_922
"""The maximum length of an indexed value in UTF-16 code units: 32,766 bytes, Lucene's limit, at three bytes each. Only
longer strings than a request may have are left out."""
_MAX_WORD_LENGTH: Final = 8_191
"""The length at which words are cut, in characters: Lucene's limit at four bytes each."""


def field_name(fact: Fact) -> str:
    """The field of a fact."""
    return fact.name.replace(".", "_")


def facet_name(fact: Fact) -> str:
    """The field that a facet of the fact counts: that of the fact, or one with the keys that facets have."""
    return f"{field_name(fact)}_facet" if has_facet_field(fact) else field_name(fact)


def has_facet_field(fact: Fact) -> bool:
    """Whether facets count other keys than queries find."""
    return fact.facet_key is not None and fact not in _PRIMARY


def counts_keys(fact: Fact) -> bool:
    """Whether the keys of the fact can be counted, for facets and completion, or to look many of them up."""
    return fact not in _PRIMARY if fact.kind == "values" else fact is DOMAIN


def spaced_trigrams(text: str) -> str:
    """A query for the n-grams that cover the text, with gaps at all other positions.

    A phrase of every third n-gram and the last one is found in less than half of the time that all of them take.
    """
    last = len(text) - 3
    return "\n".join(text[at : at + 3] if at % 3 == 0 or at == last else _GAP for at in range(last + 1))


def flags_name(owner: Owner) -> str:
    """The field with the names of the flags that are set."""
    return f"{owner}_flags"


def index_body(part: Part, shards: int = 1, replicas: int = 0) -> dict[str, Any]:
    """The body of the request that creates an index. The dictionary always has one shard."""
    properties = _DICTIONARY if part == "dictionary" else _properties(part)
    settings = {
        "number_of_shards": 1 if part == "dictionary" else shards,
        "number_of_replicas": replicas,
        # The follower refreshes after each batch, so that searches never see half of one.
        "refresh_interval": "-1",
        # With replication by segment, searches of replicas have wrong totals for a while.
        "replication.type": "DOCUMENT",
        "analysis": _ANALYSIS,
    }
    return {
        "settings": {"index": settings},
        "mappings": {"dynamic": False, "_source": {"enabled": part == "dictionary"}, "properties": properties},
    }


def _properties(kind: Kind) -> dict[str, Any]:
    """The fields of the records of one kind."""
    properties: dict[str, Any] = {NUM: {"type": "long"}}
    for fact in facts_of(kind):
        match fact.kind:
            case "values" | "keys":
                properties[field_name(fact)] = _KEYWORD if counts_keys(fact) else _FILTER
                if has_facet_field(fact):
                    properties[facet_name(fact)] = _COUNTED
            case "text":
                properties[field_name(fact)] = _text(fact) if fact.owner == SINGULAR[kind] else _OTHER_TEXT
            case "flag":
                properties[flags_name(fact.owner)] = _FILTER
            case "time" | "number":
                properties[field_name(fact)] = {"type": "long"}
    return properties


def _text(fact: Fact) -> dict[str, Any]:
    """The field of a text of the records themselves. Facets and completion count them."""
    words = _WORDS | {"index_options": "positions" if fact in _PHRASES else "docs"}
    return _KEYWORD | {"fields": {TRIGRAMS: _TRIGRAMS, WORDS: words}}


def _word_pattern() -> str:
    """The regular expression of Lucene for a word of `letrics.normalize.title_words`. A text has no white space but
    spaces, and its end."""
    escaped = "".join(f"\\{mark}" for mark in SKIPPED)
    return f"[+#]|[^ \n+#{escaped}]+"


_ANALYSIS: Final = {
    "tokenizer": {
        TRIGRAMS: {"type": "ngram", "min_gram": 3, "max_gram": 3},
        SPACED: {"type": "char_group", "tokenize_on_chars": ["\n"]},
        WORDS: {"type": "simple_pattern", "pattern": _word_pattern()},
    },
    "filter": {
        "cut": {"type": "truncate", "length": _MAX_WORD_LENGTH},
        "gaps": {"type": "stop", "stopwords": [_GAP]},
    },
    "analyzer": {
        TRIGRAMS: {"type": "custom", "tokenizer": TRIGRAMS},
        SPACED: {"type": "custom", "tokenizer": SPACED, "filter": ["gaps"]},
        WORDS: {"type": "custom", "tokenizer": WORDS, "filter": ["cut"]},
    },
}
"""The analyzers, each with a tokenizer of the same name."""

_KEYWORD: Final = {"type": "keyword", "ignore_above": MAX_KEYWORD_LENGTH}
"""A field of exact values."""
_FILTER: Final = _KEYWORD | {"doc_values": False}
"""A field of exact values that are not counted."""
_COUNTED: Final = _KEYWORD | {"index": False}
"""A field of exact values that are only counted."""
_TRIGRAMS: Final = {"type": "text", "analyzer": TRIGRAMS, "norms": False, "index_options": "positions"}
"""A field of n-grams of three characters."""
_WORDS: Final = {"type": "text", "analyzer": WORDS, "norms": False}
"""A field of whole words."""
_OTHER_TEXT: Final = _KEYWORD | {"index": False, "doc_values": False, "fields": {TRIGRAMS: _TRIGRAMS}}
"""A field of a text of the company of each contact, in which strings are searched."""

_DICTIONARY: Final[dict[str, Any]] = {
    "fact": {"type": "keyword"},
    "text": _KEYWORD | {"fields": {TRIGRAMS: _TRIGRAMS}},
    # With norms, so that of the values that share as many n-grams the shortest come first.
    "padded": {"type": "text", "analyzer": TRIGRAMS},
}
"""The fields of dictionary entries. Their key and label are only stored."""
