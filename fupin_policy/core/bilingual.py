"""A text in Chinese and in English.

In: nothing. Out: `Bilingual`, data only. Called wherever something has a name that people read.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.diagnostic import in_language


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in both languages."""

    zh: str
    en: str

    @property
    def both(self) -> tuple[str, str]:
        """The texts, the Chinese first."""
        return (self.zh, self.en)

    def as_json(self) -> dict[str, str]:
        """The text as plain data, by language."""
        return {"zh": self.zh, "en": self.en}


_LEVELS = {
    "household": Bilingual("户", "households"),
    "member": Bilingual("成员", "members of households"),
    "village": Bilingual("村", "villages"),
    "town": Bilingual("镇街区", "towns"),
    "city": Bilingual("全市", "the city"),
}


def level_words(level: str) -> Bilingual:
    """Whom a rule of a level is for; a kind of place without words of its own keeps its name."""
    return _LEVELS.get(level, Bilingual(level, level))


def plain(name: str) -> str:
    """An identifier as English words: `old_age` → `old age`."""
    return name.replace("_", " ")


def counted(count: int, name: str, several: str | None = None) -> str:
    """How many there are of something, in English: `1 day`, `2 days`; `several` are called so where no s makes it."""
    return f"{count} {name if count == 1 else several or f'{name}s'}"


def pick(words: Bilingual, lang: Lang) -> str:
    """The text of one language. Raises UnknownNameError for another than `zh` and `en`."""
    return in_language(lang, words.zh, words.en)
