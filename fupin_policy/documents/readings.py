"""Readings of the law: each as the list of its options, and a parameter that is the one which is taken.

In: what an entry says. Out: a `ReadingDoc`. Built by `model_builder`; what comes after knows of parameters and codes
only.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.core.declarations import READING
from fupin_policy.documents.model import CodeDoc, CodeListDoc, ParameterDoc, ReadingPartDoc
from fupin_policy.documents.parts import BilingualDoc, Dates, TextDoc, ValueDoc


@dataclass(frozen=True, slots=True)
class OptionDoc:
    """One way in which a clause can be read, and why."""

    name: TextDoc
    label: TextDoc
    label_en: str | None
    why: BilingualDoc


@dataclass(frozen=True, slots=True)
class ReadingDoc:
    """A clause that can be read in several ways; it is the same on all days."""

    id: TextDoc
    label: TextDoc
    label_en: str | None
    taken: TextDoc
    clause: TextDoc
    options: tuple[OptionDoc, ...]

    @property
    def codes(self) -> CodeListDoc:
        """The options as codes."""
        codes = tuple(CodeDoc(one.name, one.name, one.label, one.label_en) for one in self.options)
        return CodeListDoc(self._labelled, codes, None, True)

    @property
    def parameter(self) -> ParameterDoc:
        """The option taken as a parameter's value."""
        return ParameterDoc(
            TextDoc(f"{READING.en}.{self.id.text}", self.id.span),
            self._labelled,
            (),
            (ValueDoc(Dates(None, None, self.taken.span), (), self.taken, "enacted", None, None),),
            "code",
            label_en=None if self.label_en is None else f"{READING.en} {self.label_en}",
            codes=self._labelled,
            reading=ReadingPartDoc(self.clause, tuple(one.why for one in self.options)),
        )

    @property
    def _labelled(self) -> TextDoc:
        return TextDoc(f"{READING.zh}.{self.label.text}", self.label.span)
