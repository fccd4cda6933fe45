"""What a population file says: household structures, and how each fact is drawn.

In: nothing. Out: `Population` and its parts, data only. Built by `population`, drawn by `draw`.
Whatever is drawn is an integer: a truth as 0 or 1, a code, a label or a text by its index, a number in units of
`10**-scale`, a date as completed years. Shares are cuts in 2**64, so that drawing never meets a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import FactKind
from fupin_policy.core.expressions import Level

Provenance = Literal["assumed", "reported"]

WHOLE = 2**64
"""The share of everybody."""

STRUCTURE, SIZE = "户型", "成员数"
"""What every household has before any fact is drawn: the name of its structure, and how many members."""

EMPTY = "空"
"""Written in place of a value where nothing is filled in."""

ITEM = "项次"
"""What every item of a list has: its number in its list, from 1."""

Matches = tuple[tuple[int, int], ...]
"""Stretches of values, both ends included."""


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that others may be drawn by. `labels` are the words of a code or a text, by index."""

    name: str
    level: Level
    kind: FactKind
    labels: tuple[str, ...] = ()
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several stretches of values, then evenly within it: `low + step * k` for k below `count`.

    `cuts` are the upper ends of the shares of all stretches but the last. A count of 0 is left empty.
    """

    cuts: tuple[int, ...]
    lows: tuple[int, ...]
    counts: tuple[int, ...]
    step: int = 1


@dataclass(frozen=True, slots=True)
class By:
    """The first row that holds the variable's value says how to draw; where none does, or it is empty, `otherwise`."""

    variable: str
    rows: tuple[tuple[Matches, Draw], ...]
    otherwise: Draw


Draw = Choice | By


@dataclass(frozen=True, slots=True)
class DrawRule:
    """How one fact is drawn, or (not `shown`) a variable that only serves others.

    What was drawn is multiplied by the variables `times` and divided by `10**divided`, which are their decimals; then
    `plus` is added; then it is held within `low..high`.
    `missing` is the share left empty. Of a date, `years` is the name of its completed years.
    """

    variable: Variable
    draw: Draw
    shown: bool
    times: tuple[str, ...]
    divided: int
    plus: str | None
    low: int
    high: int
    missing: int
    years: str | None
    standing: Provenance
    note: Bilingual | None


@dataclass(frozen=True, slots=True)
class Structure:
    """A household's members by their relation to the head, as indices of the relation's codes."""

    name: str
    relations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DrawnList:
    """A list by its name, of households or members: how many items it has (`count`), and the facts of these."""

    name: str
    owner: Level
    count: DrawRule
    items: tuple[DrawRule, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """A whole population file. Entries stand in order of dependency, those of households and of members apart.

    `shares` choose among the structures; `relation` is the variable that these give each member.
    Ages are those on `as_of`.
    """

    as_of: date
    relation: Variable
    structures: tuple[Structure, ...]
    shares: Choice
    households: tuple[DrawRule, ...]
    members: tuple[DrawRule, ...]
    lists: tuple[DrawnList, ...] = ()
