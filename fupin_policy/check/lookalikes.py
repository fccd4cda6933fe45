"""Words that look alike and are not the same: letters of other alphabets, full-width ones, kana that look like Han.

In: a word. Out: what it looks like. Called by `declarations`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PAIRS = (
    ("АВЕЅІЈКМНОРСТХҮԚԜ", "ABESIJKMHOPCTXYQW"),  # Cyrillic capitals
    ("авеѕіјкмнорстухһԁԛԝ", "aвesijkмнopcтyxhdqw"),  # Cyrillic small letters, where a Latin one looks the same
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),  # Greek capitals
    ("αγινοορυ", "ayivoopu"),  # Greek small letters
    ("ニカエトハタロチミヘへーヨ", "二力工卜八夕口千三ㄟㄟ一ㄢ"),  # kana beside Han
    ("〇○", "OO"),
)
_SAME_SHAPE = frozenset({"<wide>", "<narrow>", "<compat>"})
_LOOKS_LIKE = {ord(one): other for ones, others in _PAIRS for one, other in zip(ones, others, strict=True)}


@lru_cache(maxsize=16384)
def look(word: str) -> str:
    """What a word looks like: two words of one look cannot be told apart by the eye."""
    if word.isascii():
        return word
    composed = unicodedata.normalize("NFC", word)
    return "".join(_plain(sign) for sign in composed).translate(_LOOKS_LIKE)


def _plain(sign: str) -> str:
    """A sign in its usual width; ① and ² stay what they are, as they are seen to be others than 1 and 2."""
    kind = unicodedata.decomposition(sign).partition(" ")[0]
    return unicodedata.normalize("NFKC", sign) if kind in _SAME_SHAPE else sign


def odd_signs(word: str, other: str) -> list[str]:
    """The signs in which a word differs from one that looks the same: `а (U+0430)`."""
    differing = [one for one in word if one not in other] or [one for one in other if one not in word]
    return [f"{one} (U+{ord(one):04X})" for one in dict.fromkeys(differing)]
