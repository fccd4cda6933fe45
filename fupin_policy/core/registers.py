"""What stands in registers: departments, places, sources with their clauses, targets and duties.

In: nothing. Out: data only. Built by `check`, part of a `Program`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import Level

PaymentPeriod = Literal["month", "quarter", "year"]
Numbering = Literal["articles", "sections"]
"""What the numbers of a document's clauses count: 第四条第二款, or 第四部分（二） as in notices."""


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A paragraph of a source document: `anfa-2018-31`, `4.2` (article.paragraph); the clause may be empty."""

    source: str
    clause: str


@dataclass(frozen=True, slots=True)
class DatedName:
    """What a body is called over a stretch of time."""

    validity: Validity
    name: Bilingual
    source: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """A function that another body (`to`, an id) takes over for a stretch of time."""

    function: str
    to: str
    validity: Validity
    source: str | None


@dataclass(frozen=True, slots=True)
class Department:
    """A body with its succession of names, and the functions that moved away from it.

    `place` is the fact whose place's office it stands for (各镇街区); `term` the term that tells that place.
    """

    id: str
    names: tuple[DatedName, ...]
    place: str | None
    group: bool
    moved: tuple[Move, ...] = ()
    term: str | None = None

    def called(
        self, told: Iterable[tuple[str, str]], places: Mapping[str, Place], name: Bilingual | None = None
    ) -> Bilingual:
        """The office of its place where a term `told` that, or else its name: as given, or the last that it had."""
        office = next((places[place].office for term, place in told if term == self.term), None)
        return office or name or self.names[-1].name


@dataclass(frozen=True, slots=True)
class Place:
    """A town, village, …; `office` is the body that answers for it."""

    name: str
    label: str
    kind: str
    code: str | None
    within: str | None
    office: Bilingual


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as registered: the digest of its text, what it says in our words, who answers for it as it lists them.

    Departments are ids, the leading ones apart. `nothing` says why nothing in it is encoded, where that is so.
    """

    source: str
    id: str
    digest: str | None
    summary: Bilingual
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    nothing: Bilingual | None


@dataclass(frozen=True, slots=True)
class SourceDecl:
    """A document that rules rest on; `clauses` by `article.paragraph`. `prevails_over` are ids of other sources."""

    id: str
    number: str | None
    title: Bilingual
    issued: date | None
    issuer: Bilingual | None
    prevails_over: frozenset[str]
    clauses: Mapping[str, Clause]
    numbering: Numbering = "articles"


@dataclass(frozen=True, slots=True)
class Target:
    """A goal for places of a kind: to reach by a day, or to `keep` throughout; `by` a day or `each` period's end.

    Its condition is the definition `goal:T`, to whom it applies `applies:T`.
    """

    id: str
    title: Bilingual
    level: Level
    keep: bool
    by: int | None
    each: PaymentPeriod | None
    validity: Validity
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    function: str | None
    basis: tuple[ClauseRef, ...]
    note: Bilingual | None


@dataclass(frozen=True, slots=True)
class Duty:
    """What departments must do by a day or in each period.

    `within` are the first and last day of each year, as (month, day), in which a yearly one falls.
    """

    id: str
    title: Bilingual
    whom: Bilingual | None
    validity: Validity
    by: int | None
    each: PaymentPeriod | None
    within: tuple[tuple[int, int], tuple[int, int]] | None
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    function: str | None
    basis: tuple[ClauseRef, ...]
    note: Bilingual | None
