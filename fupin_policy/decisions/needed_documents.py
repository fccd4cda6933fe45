"""Which documents a household must bring, where that is by condition.

In: how a policy is obtained, its subjects' outcomes and conditions. Out: the documents that are, or may be, needed.
Called by `decision_builder`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fupin_policy.core import possible
from fupin_policy.core.policies import NeededDocument, Obtain


def needed(obtain: Obtain, outcomes: Sequence[int], truths: Sequence[Sequence[int]]) -> Obtain:
    """With the documents that must be brought, those of which that is open in words; `truths` by condition."""
    return replace(obtain, documents=tuple(_kept(obtain, outcomes, truths)))


def _kept(obtain: Obtain, outcomes: Sequence[int], truths: Sequence[Sequence[int]]) -> Iterator[NeededDocument]:
    for one in obtain.documents:
        found = possible.TRUE if one.asked is None else _is_needed(outcomes, truths[one.asked])
        if found == possible.TRUE:
            yield NeededDocument(one.name)
        elif found == possible.UNKNOWN:
            yield NeededDocument(one.name, one.when)


def _is_needed(outcomes: Sequence[int], truths: Sequence[int]) -> int:
    """For one to whom the policy surely applies, or for all to whom it may; for none of these; or not known."""
    told = [(outcome, truth) for outcome, truth in zip(outcomes, truths, strict=True) if outcome != possible.FALSE]
    if (possible.TRUE, possible.TRUE) in told or all(truth == possible.TRUE for _, truth in told):
        return possible.TRUE
    return possible.FALSE if all(truth == possible.FALSE for _, truth in told) else possible.UNKNOWN
