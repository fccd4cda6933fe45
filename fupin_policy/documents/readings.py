"""Readings of the law: each as the list of its options, and a parameter that is the one which is taken.

In: a checked entry. Out: a `ReadingDoc`. Called by `builder`; what comes after knows of parameters and codes only.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.core.declarations import READING
from fupin_policy.documents.entry_reader import EntryReader, MalformedEntry
from fupin_policy.documents.model import CodeDoc, CodeListDoc, ParameterDoc, ReadingPartDoc
from fupin_policy.documents.parts import BilingualDoc, Dates, TextDoc, ValueDoc


@dataclass(frozen=True, slots=True)
class ReadingDoc:
    """A clause that can be read in several ways: the options as codes, and the one taken as a parameter's value."""

    id: TextDoc
    codes: CodeListDoc
    parameter: ParameterDoc


def reading(entry: EntryReader) -> ReadingDoc:
    """The reading; it is the same on all days."""
    id_, label, taken, clause = entry.text("id"), entry.label(), entry.text("taken"), entry.text("clause")
    options = entry.each("options", _option)
    if not options:
        raise MalformedEntry
    named = TextDoc(f"{READING.en}.{id_.text}", id_.span)
    labelled = TextDoc(f"{READING.zh}.{label.text}", label.span)
    english = entry.label_en()
    parameter = ParameterDoc(
        named,
        labelled,
        "code",
        None,
        None,
        None,
        (),
        (ValueDoc(Dates(None, None, taken.span), (), taken, "enacted", None, None),),
        None if english is None else f"{READING.en} {english}",
        labelled,
        ReadingPartDoc(clause, tuple(why for _, why in options)),
    )
    return ReadingDoc(id_, CodeListDoc(labelled, tuple(code for code, _ in options), None, True), parameter)


def _option(entry: EntryReader) -> tuple[CodeDoc, BilingualDoc]:
    name = entry.text("name")
    return CodeDoc(name, name, entry.label(), entry.label_en()), entry.words("why")
