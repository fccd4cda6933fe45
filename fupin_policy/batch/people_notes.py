"""What stands below a result for people: of which day and rules it is, and what its columns and policies are.

In: a `ResultNotes`, or rows of cells. Out: rows of cells, or a `ResultNotes`. Called by `people_form` and
`people_files`. With the notes a result says all by itself: it can be read back without the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fupin_policy.batch.table_files import PEOPLE_SIGN

_LONGEST = 20_000
"""Characters of a cell of the notes: a longer value is parted among several rows."""
_SAYS, _ORIGIN, _COLUMN, _POLICY, _MONEY, _ROWS = "说明", "来源", "栏目", "政策", "金额的小数位", "行数"
WAYS = {1: "给付", -1: "自付", 0: "可借"}
"""The ways in which money goes."""
_KEYS = {
    "fupin.as_of": "基准日",
    "fupin.ruleset": "规则集",
    "fupin.digest": "规则的摘要",
    "fupin.trial": "试算",
    "fupin.assume": "没有给出的事实",
    "fupin.currency": "币种",
    "fupin.policies": "算了哪些政策",
    "fupin.statuses": "列了哪些结果",
    "fupin.rejected": "没有算的户",
    "fupin.previous": "上期的基准日",
}


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column: its name in a machine's form, its heading for people ("" where it has none), its kind."""

    name: str
    heading: str
    kind: str


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A policy by its title, which no other has. `way` is that in which its money goes."""

    id: str
    title: str
    way: int


@dataclass(frozen=True, slots=True)
class ResultNotes:
    """What a result says of itself, in the order of the machine's form. Amounts have so many `decimals`."""

    said: Mapping[str, str]
    columns: tuple[ResultColumn, ...]
    policies: tuple[NamedPolicy, ...]
    decimals: int
    rows: int

    def written(self, sentences: Iterable[str]) -> Iterator[list[str]]:
        """The rows of the notes, first some sentences for people."""
        yield from ([_SAYS, one] for one in sentences)
        for key, value in self.said.items():
            for start in range(0, max(1, len(value)), _LONGEST):
                yield [_ORIGIN, _KEYS.get(key, key), key, value[start : start + _LONGEST]]
        yield from ([_COLUMN, one.heading, one.name, one.kind] for one in self.columns)
        yield from ([_POLICY, one.title, one.id, WAYS[one.way]] for one in self.policies)
        yield [_MONEY, str(self.decimals)]
        yield [_ROWS, str(self.rows)]
        yield [PEOPLE_SIGN]


def read_notes(rows: Iterable[list[str]]) -> ResultNotes | None:
    """What the rows of notes say; None where they are no such rows, or not all there."""
    said: dict[str, str] = {}
    columns, policies, numbers, signed = [], [], dict[str, int](), False
    ways = {word: way for way, word in WAYS.items()}
    try:
        for row in rows:
            match row[0]:
                case "来源":
                    said[row[2]] = said.get(row[2], "") + row[3]
                case "栏目":
                    columns.append(ResultColumn(row[2], row[1], row[3]))
                case "政策":
                    policies.append(NamedPolicy(row[2], row[1], ways[row[3]]))
                case "金额的小数位" | "行数":
                    numbers[row[0]] = int(row[1])
            signed |= row[0] == PEOPLE_SIGN
        return ResultNotes(said, tuple(columns), tuple(policies), numbers[_MONEY], numbers[_ROWS]) if signed else None
    except (IndexError, KeyError, ValueError):
        return None
