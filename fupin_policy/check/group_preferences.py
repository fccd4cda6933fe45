"""Which policy of a group is drawn: on what condition another is drawn instead.

In: a group's policies before they are typed, and what refers to their parts. Out: CORE. Called by `definitions`.
Amounts that come at different intervals are weighed by what they come to in a year. A household's policies are weighed
against what its members get of the group together, each of them the highest of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fupin_policy.check.aggregates import member_sum
from fupin_policy.check.arithmetic import scaled
from fupin_policy.check.common_types import hull
from fupin_policy.check.definition_sources import PolicySource
from fupin_policy.check.scope import BROKEN
from fupin_policy.check.typing import TRUE, Typer
from fupin_policy.core.benefits import times
from fupin_policy.core.days import ALWAYS, Validity, stretches_within
from fupin_policy.core.expressions import Aggregate, And, Compare, Const, Expr, Gather, Items, Or, Ref
from fupin_policy.core.identifiers import DefinitionId, Part
from fupin_policy.core.policies import Group
from fupin_policy.core.types import ErrorType, Number, Truth
from fupin_policy.diagnostics import Span

_Weights = Mapping[str, int]
"""By policy, by how many its amount is multiplied: one, or as many as come in a year."""


@dataclass(frozen=True, slots=True)
class Preference:
    """A group of which one policy is drawn: its policies as they are listed, and what refers to a definition.

    `typer` is the household's, of the day as of which they are looked at.
    """

    group: Group
    policies: Sequence[PolicySource]
    typer: Typer
    refer: Callable[[DefinitionId, Span | None], Ref | None]

    def rivals(self, policy: PolicySource) -> Iterator[tuple[Validity, list[Expr] | None]]:
        """The conditions on which others are drawn instead, on each stretch of days; None where one is broken."""
        for days, counts in self._stretches():
            found = list(self._rivals(policy, counts))
            sound = [one for one in found if one is not None and not isinstance(one.type, ErrorType)]
            yield days, sound if len(sound) == len(found) else None

    def together(self, money: Number) -> Iterator[tuple[Validity, Expr]]:
        """What the members' policies come to, each member drawing the highest of theirs, on each stretch of days."""
        for days, counts in self._stretches():
            yield days, self._sum(money, counts)

    def _stretches(self) -> list[tuple[Validity, _Weights]]:
        """Stretches of days on which amounts are weighed alike."""
        if self.group.keep == "first":
            return [(ALWAYS, {})]
        dated = (days for policy in self.policies for version in policy.versions for days in version.stretches)
        found: list[tuple[Validity, _Weights]] = []
        for days in stretches_within(ALWAYS, dated):
            counts = _counts(self.policies, days.start)
            before, known = found[-1] if found else (days, {})
            if all(known.get(name, count) == count for name, count in counts.items()):
                found[-1:] = [(Validity(before.start, days.end), {**known, **counts})]
            else:
                found.append((days, counts))
        return found

    def _rivals(self, policy: PolicySource, counts: _Weights) -> Iterator[Expr | None]:
        """For each other policy that the subject may draw, and for what others draw, the condition on which it is."""
        position = self.policies.index(policy)
        for index, other in enumerate(self.policies):
            if other is policy or (self.group.keep == "first" and index > position):
                continue
            if other.level == policy.level or policy.level == "member":
                yield self._rival(policy, other, index < position, counts)
        if self._mixed and policy.level == "household":
            yield self._members_instead(policy, self.policies.index(self._of_members[0]) < position, counts)

    def _rival(self, policy: PolicySource, other: PolicySource, earlier: bool, counts: _Weights) -> Expr | None:
        """That another applies and, where amounts are weighed, comes to more; to as much, if it is listed earlier.

        Against a household's policy a member has what the members get together, listed where the first of theirs is.
        """
        applies = self._part("when", other)
        if applies is None or self.group.keep == "first":
            return applies
        mine = self._amount(policy, counts)
        if other.level != policy.level:
            mine = self._all_members(policy)
            earlier = self.policies.index(other) < self.policies.index(self._of_members[0])
        return _more(applies, mine, self._amount(other, counts), earlier)

    def _members_instead(self, policy: PolicySource, earlier: bool, counts: _Weights) -> Expr | None:
        """That the members' policies apply to somebody, and come to more than the household's."""
        whens = [found for one in self._of_members if (found := self._part("when", one)) is not None]
        if len(whens) < len(self._of_members):
            return None
        anybody = Items(Aggregate.ANY, _any(whens), None, None, Truth())
        return _more(anybody, self._amount(policy, counts), self._all_members(policy), earlier)

    def _sum(self, money: Number, counts: _Weights) -> Expr:
        span = self._of_members[0].span
        rows = [(self._part("when", one), self._amount(one, counts)) for one in self._of_members]
        known = [(test, amount) for test, amount in rows if test is not None and amount is not None]
        if len(known) < len(rows) or any(isinstance(amount.type, ErrorType) for _, amount in known):
            return BROKEN
        if len(known) == 1:
            return member_sum(self.typer, *known[0], span)
        nothing = Const(0, Number(money.unit, money.scale, 0, 0))
        highest = Gather(Aggregate.MAX, tuple(known), nothing, hull([nothing.type, *(one.type for _, one in known)]))
        return member_sum(self.typer, TRUE, highest, span)

    @property
    def _of_members(self) -> list[PolicySource]:
        return [one for one in self.policies if one.level == "member"]

    @property
    def _mixed(self) -> bool:
        """Whether some policies are for households and some for members."""
        return 0 < len(self._of_members) < len(self.policies)

    def _all_members(self, policy: PolicySource) -> Expr | None:
        return self.refer(DefinitionId("together", self.group.id, self.typer.assessed), policy.span)

    def _amount(self, policy: PolicySource, counts: _Weights) -> Expr | None:
        stated = self._part("stated", policy)
        count = counts.get(policy.id, 1)
        return None if stated is None else self.typer.bounded(scaled(stated, count, policy.span))

    def _part(self, part: Part, policy: PolicySource) -> Ref | None:
        return self.refer(DefinitionId(part, policy.id, self.typer.assessed), policy.span)


def _counts(policies: Sequence[PolicySource], day: int) -> _Weights:
    """How many of the amounts on a day are weighed together; of one alone nothing is weighed."""
    held = {
        policy.id: version.per or "once"
        for policy in policies
        for version in policy.versions
        if any(days.covers(day) for days in version.stretches)
    }
    alike = len(set(held.values())) == 1
    return {name: 1 if alike else times(per) for name, per in held.items()} if len(held) > 1 else {}


def _more(applies: Expr, mine: Expr | None, theirs: Expr | None, earlier: bool) -> Expr | None:
    if mine is None or theirs is None:
        return None
    if isinstance(mine.type, ErrorType) or isinstance(theirs.type, ErrorType):
        return BROKEN
    return And((applies, Compare("<=" if earlier else "<", mine, theirs)))


def _any(tests: Sequence[Expr]) -> Expr:
    return tests[0] if len(tests) == 1 else Or(tuple(tests))
