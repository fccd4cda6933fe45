"""The first day on which a policy would apply, with some facts as they are supposed.

In: worksheets of the ruleset on stretches of days. Out: a day. Called by `advice`. Days are halved: an outcome that is
false on a whole stretch is ruled out at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fupin_policy.core import possible
from fupin_policy.core.days import Validity
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import Interval
from fupin_policy.evaluators.incremental import Worksheet
from fupin_policy.explanation.counterfactuals import best_of
from fupin_policy.explanation.search_domains import SearchDomain, supposing


def first_day(
    stretches: Iterable[Validity],
    sheet_of: Callable[[int], Worksheet],
    outcome: DefinitionId,
    box: SearchDomain,
    *,
    surely: bool,
) -> int | None:
    """The first day of some stretches on which a definition is surely true, or may be, with some facts as in the box.

    `sheet_of` gives a worksheet of the ruleset as it stands on a day.
    """
    for stretch in stretches:
        sheet = supposing(sheet_of(stretch.start), box)
        found = _first(sheet, outcome, (stretch.start, stretch.end - 1), surely)
        if found is not None:
            return found
    return None


def _first(sheet: Worksheet, outcome: DefinitionId, days: Interval, surely: bool) -> int | None:
    best = best_of(sheet.supposing((), days), outcome)
    if best == possible.TRUE:
        # true for one and the same subject whichever of these days it is
        return days[0]
    if best == possible.FALSE:
        return None
    if days[0] == days[1]:
        return None if surely else days[0]
    middle = (days[0] + days[1]) // 2
    earlier = _first(sheet, outcome, (days[0], middle), surely)
    return earlier if earlier is not None else _first(sheet, outcome, (middle + 1, days[1]), surely)
