"""Texts that mention people: with one of their email addresses, their LinkedIn profile, or their whole name.

This decides what is erased besides the record of a person, so it rather finds too much: also a text with all words of
the name of a namesake.
"""

from __future__ import annotations

import re
from typing import Any, Final

from letrics.identity.linkedin import linkedin_profile
from letrics.normalize.text import fold, fold_words
from letrics.records import ContactBody

_WORD: Final = re.compile(r"\w+")
"""Matches a word of a name or a text."""
SEPARATORS: Final = str.maketrans(dict.fromkeys(',;<>()[]{}"|\\', " "))
"""What separates the addresses of a text, besides white space."""
_PATH_END: Final = re.compile(r"[/=]")
"""Separates the last part of a profile, which every form of its URL has."""
_FEW: Final = 30
"""The most strings for which a text is searched first, since nearly all texts have none of them."""
_PIECE: Final = 1 << 16
"""The number of characters of a text that are searched at a time: fewer than a fold compares."""
_OVERLAP: Final = 1 << 10
"""The number of characters that two pieces of a text have in common."""
ENDS: Final = "'.:*_"
"""What a text may have around an address."""
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
"""Matches a character that JSON text has as an escape sequence."""


class Mentions:
    """People, and which texts mention one of them."""

    def __init__(self) -> None:
        self._emails: set[str] = set()
        self._profiles: set[str] = set()
        self._names: dict[str, set[frozenset[str]]] = {}
        self._needles: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._emails or self._profiles or self._names)

    def add(self, contact: ContactBody) -> None:
        """Add a person. A name of one word alone is too little to find a person by."""
        emails = [fold(email.value) for email in contact.emails if email.type == "personal"]
        self._emails.update(emails)
        self._needles.update(map(fold_words, emails))
        profile = None if contact.linkedin_url is None else linkedin_profile(contact.linkedin_url)
        if profile is not None:
            self._profiles.add(profile)
            self._needles.add(fold_words(_PATH_END.split(profile)[-1]))
        for name in (contact.full_name, f"{contact.first_name or ''} {contact.last_name or ''}"):
            words = frozenset(_WORD.findall(fold_words(name or "")))
            if len(words) > 1:
                longest = max(words, key=lambda word: (len(word), word))
                self._names.setdefault(longest, set()).add(words)
                self._needles.add(longest)

    def are_in(self, text: str) -> bool:
        """Whether the text mentions one of the people. Of a long text, a name has to be in one piece."""
        if len(text) > _PIECE + _OVERLAP:
            return any(self.are_in(text[at : at + _PIECE + _OVERLAP]) for at in range(0, len(text), _PIECE))
        if "\\u" in text:
            text = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)
        folded = fold_words(text)
        few = len(self._needles) <= _FEW and "%" not in text  # "%" may be an encoded character of a profile
        if few and not any(needle in folded for needle in self._needles):
            return False
        for part in text.translate(SEPARATORS).split():
            if "@" in part and self._have_email(fold(part).strip(ENDS)):
                return True
            if "linkedin." in part.lower() and linkedin_profile(part.strip("'")) in self._profiles:
                return True
        words = set(_WORD.findall(folded))
        return any(name <= words for word in words & self._names.keys() for name in self._names[word])

    def without(self, value: Any) -> Any:
        """A JSON value with empty texts instead of those that mention one of the people."""
        if isinstance(value, str):
            return "" if self.are_in(value) else value
        if isinstance(value, list):
            return [self.without(item) for item in value]
        if isinstance(value, dict):
            return {name: self.without(item) for name, item in value.items()}
        return value

    def _have_email(self, text: str) -> bool:
        return text in self._emails or text.rpartition(":")[2] in self._emails
