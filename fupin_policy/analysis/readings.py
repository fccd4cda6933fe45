"""The readings of the law that a ruleset declares: how a clause can be read, why, and which way is taken.

In: a program. Out: `ReadingAccount`s. Called by the command line, which also counts whom each option changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.json_data import json_of
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.types import Code


@dataclass(frozen=True, slots=True)
class OptionAccount:
    """A way of reading a clause. `changed`: for how many households something is decided otherwise by it."""

    name: str
    words: Bilingual
    why: Bilingual
    taken: bool
    changed: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The option as plain data."""
        said = {"name": self.name, "label": self.words.as_json(), "why": self.why.as_json(), "taken": self.taken}
        return said if self.changed is None else {**said, "households": self.changed}


@dataclass(frozen=True, slots=True)
class ReadingAccount:
    """A reading; none of its options is taken where it is left open."""

    name: str
    words: Bilingual
    clause: ClauseRef
    options: tuple[OptionAccount, ...]

    def as_json(self) -> dict[str, Any]:
        """The reading as plain data."""
        named = {"name": self.name, "label": json_of(self.words)}
        return {**named, **json_of(self.clause), "options": json_of(self.options)}


def readings(program: Program) -> tuple[ReadingAccount, ...]:
    """Every reading, in the order of their names."""
    found = []
    for one in program.parameters.values():
        if one.reading is None or not isinstance(one.type, Code):
            continue
        taken = {bit for value in one.values for bit in value.values.values()}
        codes = zip(program.code_lists[one.type.code_list].codes, one.reading.reasons, strict=True)
        options = tuple(OptionAccount(c.name, c.words, why, 1 << at in taken) for at, (c, why) in enumerate(codes))
        found.append(ReadingAccount(one.name, one.words, one.reading.clause, options))
    return tuple(found)
