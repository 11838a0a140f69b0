"""A query in Tantivy's terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.peers.extract import column
from benchmarks.peers.tantivy_index import FLAGS, PIECE, TITLE
from benchmarks.peers.titles import Words, is_word
from benchmarks.peers.vocabulary import Vocabulary
from letrics.query import AllOf, AnyOf, Between, Contains, Flag, NoneOf, Query
from letrics.query.clauses import Clause

if TYPE_CHECKING:
    import tantivy

_NEEDLES = 16
"""The number of needles above which distinct titles are searched first, and their ids then among contacts."""
_PHRASES = 32
"""The largest number of phrases of whole words; beyond it, one phrase of patterns is used, which takes milliseconds to
compile."""


class Builder:
    """Queries on indexes of one schema; `words` are those of all titles, `titles` the index of distinct ones."""

    def __init__(
        self,
        schema: tantivy.Schema,
        vocabulary: Vocabulary,
        words: Words,
        tokenizer: tantivy.TextAnalyzer,
        titles: tantivy.Searcher,
    ) -> None:
        import tantivy

        self._t = tantivy.Query
        self._occur = tantivy.Occur
        self._integer, self._unsigned = tantivy.FieldType.Integer, tantivy.FieldType.Unsigned
        self._schema = schema
        self._vocabulary = vocabulary
        self._words = words
        self._tokenizer = tokenizer
        self._titles = titles

    def query(self, asked: Query) -> tantivy.Query:
        wanted: list[tantivy.Query] = []
        unwanted: list[tantivy.Query] = []
        for clause in asked.clauses:
            exclude = isinstance(clause, NoneOf) or (isinstance(clause, AllOf | Contains | Flag) and clause.exclude)
            (unwanted if exclude else wanted).append(self._clause(clause))
        if len(wanted) == 1 and not unwanted:
            return wanted[0]
        musts = [(self._occur.Must, one) for one in wanted or [self._t.all_query()]]
        return self._t.boolean_query([*musts, *((self._occur.MustNot, one) for one in unwanted)])

    def rest(self, query: tantivy.Query, after: int, newest: bool) -> tantivy.Query:
        """The matches that come after a record."""
        if newest and after == 0:
            return self._t.empty_query()
        low, high = (0, after - 1) if newest else (after + 1, 1 << 40)
        beyond = self._t.range_query(self._schema, "num", self._unsigned, low, high)
        return self._t.boolean_query([(self._occur.Must, query), (self._occur.Must, beyond)])

    def _clause(self, clause: Clause) -> tantivy.Query:
        match clause:
            case AnyOf(_, fact, terms) | NoneOf(_, fact, terms) if fact.kind == "keys":
                return self._any_term("domain", [key for term in terms for key in term.keys])
            case AnyOf(_, fact, terms) | NoneOf(_, fact, terms):
                return self._any_term("keys", [*map(str, self._vocabulary.ids(fact, terms))])
            case AllOf(_, fact, terms):
                each = [self._any_term("keys", [*map(str, self._vocabulary.ids(fact, [term]))]) for term in terms]
                return self._t.boolean_query([(self._occur.Must, one) for one in each])
            case Contains(_, _, terms):
                needles = [self._contains(key) for term in terms for key in term.keys]
                if len(needles) <= _NEEDLES:
                    return self._any(needles)
                found = self._titles.search(self._any(needles), self._titles.num_docs, False, "num")
                return self._any_term("keys", [f"{TITLE}{id_}" for id_, _ in found.hits])
            case Flag(_, fact):
                return self._any_term("keys", [str(FLAGS[fact.name])])
            case Between(_, fact, low, high):
                name = column(fact) if fact.owner == "contact" else f"company_{column(fact)}"
                return self._t.range_query(self._schema, name, self._integer, low, high)

    def _any_term(self, field: str, values: list[str]) -> tantivy.Query:
        if not values:
            return self._t.empty_query()
        if len(values) == 1:
            return self._t.term_query(self._schema, field, values[0], "basic")
        return self._t.term_set_query(self._schema, field, values)

    def _any(self, queries: list[tantivy.Query]) -> tantivy.Query:
        if not queries:
            return self._t.empty_query()
        return queries[0] if len(queries) == 1 else self._t.boolean_query([(self._occur.Should, q) for q in queries])

    def _contains(self, needle: str) -> tantivy.Query:
        if len(needle) <= PIECE:
            return self._t.term_query(self._schema, "pieces", needle, "basic")
        parts = [(at, text) for at, text in enumerate(self._tokenizer.analyze(needle)) if text != " "]
        first, last = parts[0][1], parts[-1][1]
        if len(parts) == 1:
            return self._any_term("words", self._words.containing(first))
        firsts = self._words.ending(first) if is_word(first) else [first]
        lasts = self._words.beginning(last) if is_word(last) else [last]
        if len(firsts) * len(lasts) <= _PHRASES:
            ends = ((one, other) for one in firsts for other in lasts)
            phrases = [[(0, one), *parts[1:-1], (parts[-1][0], other)] for one, other in ends]
            return self._any([self._t.phrase_query(self._schema, "words", [*phrase]) for phrase in phrases])
        patterns = [(position, re.escape(text)) for position, text in parts]
        if is_word(first):
            patterns[0] = (0, f".*{patterns[0][1]}")
        if is_word(last):
            patterns[-1] = (patterns[-1][0], f"{patterns[-1][1]}.*")
        return self._t.regex_phrase_query(self._schema, "words", [*patterns])
