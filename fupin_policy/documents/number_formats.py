"""Facts that are numbers of identity, as files declare them: the format, what they tell, whether each stands once.

In: an entry of a fact. Out: data only. Called by `model_builder`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from fupin_policy.core.declarations import FormatKind
from fupin_policy.core.outputs import CheckSeverity
from fupin_policy.diagnostics import Span
from fupin_policy.documents.entry_reader import EntryReader
from fupin_policy.documents.parts import TextDoc

KEYS = ("format", "birth", "sex", "severity", "unique")
"""The keys of a fact that say so."""


@dataclass(frozen=True, slots=True)
class IdentityFormatDoc:
    """What a fact says of the numbers that are given for it; `span` is where it first says something of that kind."""

    kind: FormatKind | None
    birth: TextDoc | None
    sex: TextDoc | None
    severity: CheckSeverity | None
    unique: bool
    span: Span


def number_format(entry: EntryReader) -> IdentityFormatDoc | None:
    """What a fact says of that; None where it says nothing. Raises MalformedEntry."""
    said = [key for key in KEYS if entry.node.get(key) is not None]
    if not said:
        return None
    kind = entry.one_of("format", get_args(FormatKind)) if "format" in said else None
    severity = entry.one_of("severity", get_args(CheckSeverity)) if "severity" in said else None
    birth, sex, span = entry.maybe("birth"), entry.maybe("sex"), entry.needed(said[0]).span
    return IdentityFormatDoc(kind, birth, sex, severity, entry.flag("unique"), span)
