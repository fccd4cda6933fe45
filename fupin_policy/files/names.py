"""Names of files made of any text: such as every system takes, and distinct wherever the texts are.

In: texts. Out: names without a suffix. Called by `reports.worklist` and whatever names a file after something.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

MAX_LENGTH = 200
"""Bytes of a name; most systems take 255, of which a suffix and what stands aside need some."""

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]')
_RESERVED = re.compile(r"\A(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=[ .]|\Z)", re.IGNORECASE)
"""What Windows takes for a device, whatever follows a point."""


def file_name(text: str) -> str:
    """A text as a name. One that had to be altered ends in a digest of the text, so that no two become the same."""
    cleaned = _RESERVED.sub(r"_\g<0>", _UNSAFE.sub("_", text).strip(" ."))
    return text if text and cleaned == text and len(text.encode()) <= MAX_LENGTH else _with_digest(cleaned, text)


def file_names(texts: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A name for each of the texts, all of them distinct to a system that tells neither case nor forms of letters.

    None of them is a name that is `taken`.
    """
    names = {text: file_name(text) for text in texts}
    counts = Counter(map(_alike, [*names.values(), *taken]))
    return {text: name if counts[_alike(name)] == 1 else _with_digest(name, text) for text, name in names.items()}


def _alike(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _with_digest(cleaned: str, text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    kept = cleaned.encode()[: MAX_LENGTH - len(digest) - 1].decode(errors="ignore").strip(" .")
    return f"{kept or '_'}-{digest}"
