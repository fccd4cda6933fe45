"""How the fact of an item of a list is named, and what it is called.

In: a list, the item's place in it, the fact. Out: names such as `supporters[2].monthly`, words. Called wherever facts
of households are told or asked for.
"""

from __future__ import annotations

import re

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.expressions import Level

_IN_LIST = re.compile(r"(\w+)\[(\d+)\]\.(.+)")


def name_in_list(listed: Level, item: int, fact: str) -> str:
    """How the fact of an item is named: `supporters[2].monthly`, of the item at 1."""
    return f"{listed}[{item + 1}].{fact}"


def parts_of_name(name: str) -> tuple[Level | None, int | None, str]:
    """The list, the item's place in it and the fact, of such a name; of any other nothing but the fact."""
    found = _IN_LIST.fullmatch(name)
    return (None, None, name) if found is None else (found[1], int(found[2]) - 1, found[3])


def words_in_list(listed: Bilingual, item: int, fact: Bilingual) -> Bilingual:
    """What the fact of an item is called, of a list that is called so: `赡养人第2项的月收入`, of the item at 1."""
    return Bilingual(f"{listed.zh}第{item + 1}项的{fact.zh}", f"{fact.en} (item {item + 1} of {listed.en})")
