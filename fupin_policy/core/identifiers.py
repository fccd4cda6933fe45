"""What names a thing within a ruleset, as types; texts are made of them where people or other programs read them.

In: nothing. Out: the types of identifiers. Called by everybody who looks something up by one.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Part = Literal[
    "term",
    "use",
    "when",
    "outcome",
    "stated",
    "payable",
    "beneficiary",
    "lead",
    "together",
    "applies",
    "goal",
    "audience",
    "document",
]
"""A term; a use of a parameter that is worked out; of a policy its own condition, that after exclusions, the amount as
written and as paid, whether it is for a member, and which bodies answer for it; of a group what its members' policies
come to together; of a target to whom it applies and its condition; which households an audience is; of a policy too,
whether one must bring a document."""


class AssessmentDay(NamedTuple):
    """Which day's circumstances count in place of those of a day: the last of its month or year, or of one `back`."""

    back: int
    of: Literal["month", "year"] = "month"

    def __str__(self) -> str:
        if self.back == 0:
            return f"{self.of}_end"
        return f"{self.of}_before" if self.back == 1 else f"{self.of}_before_{self.back}"


Taken = tuple[str, int]
"""A reading by its parameter's name, and the option that is taken: the bit of its code."""


class DefinitionId(NamedTuple):
    """A definition: a term by its name, a use by its parameter's, or a part of a policy, a group or a target.

    `days`, if any, make it a clone: the definition as of another day, counted from the day asked about step by step.
    `taken`, too: as it is where these options of open readings are taken, or `open`, as it is written.
    """

    part: Part
    name: str
    days: tuple[AssessmentDay, ...] = ()
    taken: tuple[Taken, ...] | Literal["open"] = ()

    @property
    def original(self) -> DefinitionId:
        """The definition of which it is the clone, or itself."""
        return DefinitionId(self.part, self.name)

    @property
    def whole(self) -> DefinitionId:
        """The definition on the same day, whichever options are taken."""
        return DefinitionId(self.part, self.name, self.days)

    @property
    def left_open(self) -> DefinitionId:
        """What the definition says itself, with each open reading as one that may be any; if it rests on some."""
        return DefinitionId(self.part, self.name, self.days, "open")

    @property
    def parameter(self) -> str | None:
        """The parameter of which it is a use, if it is one; the uses of a scale are numbered (`use:tax/1`)."""
        return self.name.partition("/")[0] if self.part == "use" else None

    def __str__(self) -> str:
        taken = "?open" if self.taken == "open" else "".join(f"?{name}={bit}" for name, bit in self.taken)
        return f"{self.part}:{self.name}{''.join(f'@{day}' for day in self.days)}{taken}"


class InputId(NamedTuple):
    """A column that evaluators read: a fact, or one code of a fact that holds several (`health.ill`)."""

    fact: str
    code: str | None = None

    def __str__(self) -> str:
        return self.fact if self.code is None else f"{self.fact}.{self.code}"


class FactNeed(NamedTuple):
    """An input that must be known, and the member whose it is, or None for the household's; of which item of a list.

    `input` may be a list: then it must be known which items it has.
    """

    input: InputId
    member: str | None
    item: int | None = None

    @property
    def name(self) -> str:
        """What the input is called."""
        return str(self.input)


class ParameterNeed(NamedTuple):
    """A parameter that has no value on the date, and would have to."""

    parameter: str

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What it is called among the names of inputs."""
        return f"parameter.{self.parameter}"

    @property
    def member(self) -> None:
        """A parameter is nobody's."""
        return None


Need = FactNeed | ParameterNeed
"""What must be known to decide."""
