"""Pairs of policies of which it is asked whether a household can be granted both.

In: a program. Out: pairs, each with the finding that it would be. Called by `prove`.
"""

from __future__ import annotations

from fupin_policy.core.policies import PolicyVersion
from fupin_policy.core.program import Program


def policy_pairs(program: Program) -> list[tuple[str, str, str, str]]:
    """The code of the finding, two policies, and what their group is called.

    Two of one group can both be granted (V112); two that are declared to give the same benefit can be (V113).
    """
    pairs = [
        ("V112", a, b, group.title.zh)
        for group in program.groups
        if group.keep != "capped"  # these are paid together, up to the most that they come to
        for a in group.policies
        for b in group.policies
        if a < b
    ]
    return [*pairs, *(("V113", later, earlier, group) for later, earlier, group in _same_benefit(program))]


def _same_benefit(program: Program) -> list[tuple[str, str, str]]:
    """Pairs of policies that the ruleset says give the same benefit, the later source first, with what it is called.

    Policies of one group are no such pair: the group sees to it that only one is drawn.
    """
    grouped = {frozenset((a, b)) for group in program.groups for a in group.policies for b in group.policies}
    by_source = sorted(program.policies, key=lambda policy: _issued(program, policy.versions), reverse=True)
    return [
        (later.id, earlier.id, later.benefit_group)
        for position, later in enumerate(by_source)
        for earlier in by_source[position + 1 :]
        if later.benefit_group is not None
        and later.benefit_group == earlier.benefit_group
        and frozenset((later.id, earlier.id)) not in grouped
    ]


def _issued(program: Program, versions: tuple[PolicyVersion, ...]) -> int:
    """The year's day on which the earliest of a policy's sources was issued; 0 where none says."""
    days = [program.sources[ref.source].issued for version in versions for ref in version.basis]
    return min((day.toordinal() for day in days if day is not None), default=0)
