"""A fact or parameter that keeps something open, and one of which a value was assumed.

In: nothing. Out: `Missing`, `Assumed`, data only. Made by `decisions`, read by everything after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fupin_policy.core.bilingual import Bilingual, pick, plain
from fupin_policy.core.declarations import Assumption
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.diagnostic import in_language


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that must be known to decide: whose (a member's id, or None for the household's), and its names.

    Where a parameter has no value on the date, `fact` is `parameter.NAME`, and `parameter` what it is called. It is a
    `reading` of the law if no option of it is taken.
    """

    fact: str
    label: str
    member: str | None
    english: str = ""
    parameter: Bilingual | None = None
    reading: bool = False

    def as_json(self) -> dict[str, str]:
        """The fact as plain data."""
        return {"fact": self.fact, "label": self.label, **({} if self.member is None else {"member": self.member})}

    @property
    def text(self) -> str:
        """`m1.残疾等级`, or `家庭纯收入` for a household's fact."""
        return self.said("zh")

    def said(self, lang: Lang) -> str:
        """Whose it is and what it is called in a language."""
        name = in_language(lang, self.label, self.english or plain(self.fact))
        return name if self.member is None else f"{self.member}.{name}"


@dataclass(frozen=True, slots=True)
class Assumed:
    """A fact that was not given, with what was taken instead, as its declaration says."""

    fact: Missing
    assumption: Assumption

    def as_json(self) -> dict[str, Any]:
        """The fact and its value as plain data."""
        return {**self.fact.as_json(), "value": self.assumption.words.as_json()}

    @property
    def text(self) -> str:
        """`m1.在校=否`."""
        return self.said("zh")

    @property
    def counted(self) -> str:
        """Under what it is counted among many households: what was taken, or from where."""
        taken = self.assumption.source or self.assumption.words
        return f"{self.fact.label}={taken.zh}"

    def said(self, lang: Lang) -> str:
        """Whose it is, what it is called, and what was taken."""
        return f"{self.fact.said(lang)}={pick(self.assumption.words, lang)}"
