"""Truth values as words in English, German, French, Spanish, Italian, Portuguese and Dutch, as numbers and as marks."""

from __future__ import annotations

from typing import Final

from letrics.normalize.text import fold_name

_TRUE: Final = (
    "true yes y t on x ✓ ✔ ✅ ☑ 🗸 √ checked enabled wahr ja j an richtig vrai oui o verdadero si s cierto vero "
    "verdadeiro sim waar"
)
"""Words and marks for true. Accents do not matter."""
_FALSE: Final = "false no n f off ✗ ✘ ✕ ❌ ☐ ☒ unchecked disabled falsch nein aus faux non falso nao onwaar nee"
"""Words and marks for false. Accents do not matter."""
_TRUTH: Final = {
    **{fold_name(word): True for word in _TRUE.split()},
    **{fold_name(word): False for word in _FALSE.split()},
}
_MAX_TEXT: Final = 20
"""The maximum length of a text, in characters."""
_ADVICE: Final = "must be true or false"
_EMOJI_STYLE: Final = "\ufe0f"
"""The character that may follow a mark to show it in colour."""


def read_truth(text: str) -> bool:
    """Read a truth value: `yes`, `Ja`, `x`, `✓`, `1`, `1.0`, `on` and so on. Raises ValueError."""
    if len(text) > _MAX_TEXT:
        raise ValueError(_ADVICE)
    word = text.strip().replace(_EMOJI_STYLE, "")
    truth = _TRUTH.get(fold_name(word))
    if truth is not None:
        return truth
    whole, _, decimals = word.replace(",", ".").partition(".")
    if whole in ("0", "1") and not decimals.strip("0"):
        return whole == "1"
    raise ValueError(_ADVICE)
