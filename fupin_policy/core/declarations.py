"""What a ruleset declares for its rules to name: codes, facts, parameters.

In: nothing. Out: data only. Built by `check`, part of a `Program`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from fupin_policy.core.benefits import Frequency
from fupin_policy.core.bilingual import Bilingual, plain
from fupin_policy.core.days import MonthDay, Validity
from fupin_policy.core.expressions import Level
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.possible import Value, calendar_of_day
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.types import Number, Type
from fupin_policy.diagnostics import Span

FactKind = Literal["truth", "number", "date", "code", "codes", "text"]
FormatKind = Literal["gb11643"]
"""How a number of identity is written: `gb11643` is the citizen's identity number of GB 11643-1999."""
Standing = Literal["enacted", "reported", "example"]
Each = Literal["month", "year"]
Monotonicity = Literal["never_rise", "never_fall"]
"""What benefits must never do when a fact rises."""
READING = Bilingual("读法", "reading")
"""The word before the name of a reading of the law: `读法.老年人`."""
PARAMETER = Bilingual("参数", "parameter")
"""The word before the name of a parameter: `参数.最低工资`."""


def reading_named(text: str) -> str | None:
    """What a reading is called of which this is the name in rules, `读法.老年人`; None where it is that of none."""
    word, dot, name = text.partition(".")
    return name if word in READING.both and dot else None


@dataclass(frozen=True, slots=True)
class CodeDecl:
    """One code of a list: the registry's code, English name, Chinese label, English label if it has one."""

    code: str
    name: str
    label: str
    label_en: str | None = None

    @property
    def words(self) -> Bilingual:
        """What the code is called where people read it."""
        return Bilingual(self.label, self.label_en or plain(self.name))


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes; the code at index i is bit `1 << i`."""

    name: str
    codes: tuple[CodeDecl, ...]


RESULT_OF = Bilingual("{date} 的结果", "result of {date}")
"""From where a fact is taken that an earlier result tells."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """What is taken of a fact that is not given, in words, and why. `value` is exact; of `codes` those that hold.

    What is taken from an earlier result is as that has it, perhaps known in part; `source` says which it is.
    """

    value: Value
    words: Bilingual
    why: Bilingual
    source: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A fact that has a value for each month or year, of this one and of those up to `back` ago: what it is called.

    Each of these is a fact of its own, told apart by how long ago it is.
    """

    name: str
    label: str
    aliases: tuple[str, ...]
    label_en: str | None
    each: Each
    back: int

    @property
    def words(self) -> Bilingual:
        """What it is called where people read it, but for the month or year."""
        return Bilingual(self.label, self.label_en or plain(self.name))

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that it is called in rules and where households are given."""
        return (self.name, self.label, *self.aliases)

    def input(self, ago: int) -> str:
        """The name of the fact that is its value of a month or year so long ago: `wage@-1`."""
        return f"{self.name}@{-ago}"


@dataclass(frozen=True, slots=True)
class SexFact:
    """The fact that the sex of an identity number fills, and the masks of its codes for the two."""

    name: str
    male: int
    female: int


@dataclass(frozen=True, slots=True)
class IdentityFormat:
    """A text that names one person, so that it stands in no output. `birth` and `sex` are the facts of the same level
    that it tells too; `unique`: no two households, or members, have the same one. Without a `kind` it is any text.

    Beside it stand truth facts called as it is, with `.legible`, `.valid`, `.birth`, `.sex`, `.unique`: the intake
    fills them, and checks of data report them.
    """

    kind: FormatKind | None
    birth: str | None = None
    sex: SexFact | None = None
    unique: bool = False

    @property
    def fills(self) -> tuple[str, ...]:
        """The facts that it tells."""
        return tuple(name for name in (self.birth, self.sex and self.sex.name) if isinstance(name, str))


@dataclass(frozen=True, slots=True)
class FactDecl:
    """A fact as the ruleset declares it. `type` is None for text, which no rule can use.

    A number is given in its declared unit, which is `10**power` of the type's: 4 for 万元, -2 for %. What is `fixed`
    never changes, such as a date of the past: no advice is given that it should. `per` is the period for which a sum of
    money is given, such as a month's income. `absent` is read by the intake alone: no rule knows what was assumed.
    `given` names, of a date that may be none, the truth fact beside it: whether there is such a date.
    `previous` is the policy of which it tells, where it is not given, what an earlier result says: a truth whether the
    policy applied, a number the amount, a date that may be none the first day on which it applied.
    """

    name: str
    label: str
    aliases: tuple[str, ...]
    level: Level
    kind: FactKind
    type: Type | None
    past: bool
    required: bool
    note: Bilingual | None = None
    power: int = 0
    benefits: Monotonicity | None = None
    fixed: bool = False
    per: Frequency | None = None
    label_en: str | None = None
    absent: Assumption | None = None
    given: str | None = None
    previous: str | None = None
    series: Series | None = None
    ago: int = 0
    """Of a value of a `series`: how many months or years ago it is."""
    number: IdentityFormat | None = None
    tells_of: str | None = None
    """Of a truth fact beside a number of identity: the name of that. No rule can use it."""

    @property
    def words(self) -> Bilingual:
        """What the fact is called where people read it."""
        return Bilingual(self.label, self.label_en or plain(self.name))

    @property
    def called(self) -> tuple[str, ...]:
        """Everything that a rule can call it: of a series its value of this month or year is meant."""
        return self.keys if self.series is None else () if self.ago else self.series.keys

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that the fact is called: by its English name, its Chinese label, its aliases."""
        return (self.name, self.label, *self.aliases)

    @property
    def given_type(self) -> Type | None:
        """The type of values as they are given: in the declared unit the same integers have another scale."""
        if self.power and isinstance(self.type, Number):
            return replace(self.type, scale=self.type.scale + self.power)
        return self.type

    @property
    def given_scale(self) -> int:
        """Decimals of a number in the declared unit; 0 for what is no number, such as a date in days."""
        return self.type.scale + self.power if isinstance(self.type, Number) else 0


@dataclass(frozen=True, slots=True)
class ListDecl:
    """Things of which a household, or each member, has several, at most `most`; each has the facts `for` the list.

    `empty` says in words, and why, that there are none where nothing is given. `order` are the facts by which items are
    told apart, where rules look at those before others.
    """

    name: str
    label: str
    of: Level
    most: int
    label_en: str | None = None
    empty: Assumption | None = None
    order: tuple[str, ...] = ()

    @property
    def words(self) -> Bilingual:
        """What the list is called where people read it."""
        return Bilingual(self.label, self.label_en or plain(self.name))

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that it is called in rules and where households are given."""
        return (self.name, self.label)


@dataclass(frozen=True, slots=True)
class Input:
    """One column that evaluators read: a fact, or one code of a fact that holds several (`health.ill`)."""

    id: InputId
    level: Level
    type: Type
    past: bool
    required: bool

    @property
    def name(self) -> str:
        """What it is called in manifests and tables."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value (in units of its type) over a stretch of time, with its standing and source."""

    validity: Validity
    values: Mapping[int | None, int]
    """By the number of the row, or of a scale's bracket; by None where the parameter has one value."""
    standing: Standing
    basis: ClauseRef
    note: Bilingual | None = None
    worked_out: frozenset[int | None] = frozenset()
    """The same, of what has a formula in place of a value."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause that can be read in several ways, and why in each of them."""

    clause: ClauseRef
    reasons: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class AsOfLast:
    """A parameter as of another day: the last of each month and day, counted from the day asked about step by step."""

    parameter: str
    days: tuple[MonthDay, ...]

    def day(self, asked: int) -> int:
        """The day as of which it is read on a day."""
        for one in self.days:
            asked = calendar_of_day(one, asked)
        return asked


@dataclass(frozen=True, slots=True)
class ParameterDecl:
    """A named dated value; a day that no value covers makes it unknown within `type`'s range.

    `keys` are the facts and terms that it is looked up by. A `reading` of the law is a parameter by a code of its own,
    the same on all days. One `of` another is that as it stood on the last of some month and day: its values are for the
    days asked about.
    """

    name: str
    label: str
    type: Type
    keys: tuple[str, ...]
    values: tuple[DatedValue, ...]
    span: Span | None = field(default=None, compare=False, repr=False)
    label_en: str | None = None
    rows: tuple[Bilingual, ...] = ()
    """What each row is for, or what each bracket of a scale is called, by its number: `东河镇，农村`."""
    reading: Reading | None = None
    of: AsOfLast | None = None

    @property
    def words(self) -> Bilingual:
        """What the parameter is called where people read it."""
        return Bilingual(self.label, self.label_en or plain(self.name.replace(".", " ")))

    def on(self, key: int | None, day: int) -> DatedValue | None:
        """The value, or the formula, in force on a day in a row, if there is one."""
        held = (value for value in self.values if value.validity.covers(day))
        return next((value for value in held if key in value.values or key in value.worked_out), None)

    @property
    def called(self) -> Bilingual:
        """The same beside names of other things: `参数.低保标准`, `读法.老年人`."""
        return self.words if self.reading else Bilingual(f"参数.{self.words.zh}", f"parameter {self.words.en}")
