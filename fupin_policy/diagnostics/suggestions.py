"""The known word that a mistaken one was meant to be.

In: a word and the known ones. Out: the nearest, if one is near. Called by the reporter and by readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_MAX_READ = 160
"""A longer word is no slip of the pen."""

MAX_COMPARED = 100_000
"""With how many known words in all the mistaken ones of one reader's work are compared, a fraction of a second."""


def suggest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is nearest to a mistaken one, if one is near; never the word itself."""
    from difflib import get_close_matches

    # most words have too few signs in common to be near, and need no exact comparison
    words = [other for other in known if other != word]
    possible = [other for other in words if 4 * sum(sign in other for sign in word) >= len(word) + len(other)]
    matches = get_close_matches(word, possible, n=1, cutoff=0.5)
    return matches[0] if matches else _in_full(word, words)


def _in_full(word: str, known: Sequence[str]) -> str | None:
    """The shortest known word that a Chinese one shortens: 最低生活保障 for 低保."""
    if len(word) < 2 or word.isascii():
        return None
    full = [other for other in known if _shortens(word, other)]
    return min(full, key=lambda other: (len(other), other), default=None)


def _shortens(word: str, other: str) -> bool:
    signs = iter(other)
    return all(sign in signs for sign in word)


def slip_of(word: str, known: Iterable[str]) -> str | None:
    """The known word of which a mistaken one is a slip of the pen: of few words, others are near to it by accident."""
    from difflib import get_close_matches

    matches = get_close_matches(word, list(known), n=1, cutoff=0.75) if len(word) <= _MAX_READ else []
    return matches[0] if matches else None
