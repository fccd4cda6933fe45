"""The same household as other people would write it, rightly or wrongly; its lists too.

In: a ruleset, a household as `fupin_policy.testing` makes them, chance. Out: a household. Called by tests of hosts.
"""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from fupin_policy import Ruleset
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.types import Code, Day, Number

Given = dict[str, Any]

FULL_WIDTH = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
WORDS = {True: ["是", "true", "YES", " 是 ", True], False: ["否", "False", "no", "\u3000否", False]}
JUNK: list[Any] = json.loads((Path(__file__).parent / "odd_values.json").read_text(encoding="utf-8"))
"""Values that are wrong for many facts and right for some. `"=1.50"` is a number as it is written, see `cases.case`."""


def retold(ruleset: Ruleset, household: Given, chance: Random) -> Given:
    """The same household in other names, notations and languages."""
    facts = {fact.name: fact for fact in ruleset.facts}
    lists = {one.name: one for one in ruleset.program.lists}

    def again(given: Given) -> Given:
        written = {}
        for name, value in given.items():
            if name in facts:
                fact = facts[name]
                written[chance.choice(fact.keys)] = _value(ruleset, fact, value, chance)
            elif name in lists:
                written[chance.choice(lists[name].keys)] = listed(value)
            else:
                written[name] = value
        items = list(written.items())
        chance.shuffle(items)
        return dict(items)

    def listed(value: Any) -> Any:
        if isinstance(value, dict):
            return {chance.choice(["at_least", "至少"]): [again(one) for one in value["at_least"]]}
        if isinstance(value, list):
            return [again(one) for one in value]
        return chance.choice([value, "未知", "unknown", " 不详\n", {}, {"至少": None}])

    told = again({name: value for name, value in household.items() if name not in ("members", "village")})
    if "village" in household:
        told[chance.choice(["village", "村"])] = again(household["village"])
    told[chance.choice(["members", "成员"])] = [again(member) for member in household["members"]]
    return told


def _value(ruleset: Ruleset, fact: FactDecl, value: Any, chance: Random) -> Any:
    if isinstance(value, dict):
        return {key: _value(ruleset, fact, part, chance) for key, part in value.items() if chance.random() < 0.9}
    if value == "不详":
        return chance.choice(["不详", "未知", "unknown", " 不详\n", {}])
    if isinstance(value, list):
        told = [_value(ruleset, fact, one, chance) for one in value]
        return chance.choice([told, "、".join(told), " ; ".join(told)]) if fact.kind == "codes" else told
    match fact.type:
        case Number():
            return _number(value, chance)
        case Day():
            return chance.choice(["无", " none"]) if value == "无" else _date(value, chance)
        case Code(code_list):
            code = next(one for one in ruleset.program.code_lists[code_list].codes if one.name == value)
            return chance.choice([code.name, code.label, code.code, f" {code.label}\n"])
        case None:
            return value
        case _:
            return chance.choice(WORDS[value])


def _number(text: str, chance: Random) -> Any:
    number = Decimal(text)
    ways: list[Any] = [text, f"{number:,f}", f"{number:f}".translate(FULL_WIDTH), f" {number:f}\u3000", f"{number:+f}"]
    if number == number.to_integral_value():
        ways.append(int(number))
    return chance.choice(ways)


def _date(text: str, chance: Random) -> Any:
    parts = text.split("-")
    ways: list[Any] = [text, "/".join(parts), ".".join(parts)]
    if len(parts) != 2:  # 190612 may be a day of 2019
        ways += ["".join(parts), int("".join(parts))]
    ways.append("".join(part + sign for part, sign in zip(parts, "年月日", strict=False)))
    ways.append("-".join(part.lstrip("0") for part in parts).translate(FULL_WIDTH))
    return chance.choice(ways) if int(parts[0]) >= 1000 else text


def blurred(ruleset: Ruleset, household: Given, chance: Random) -> Given:
    """The household of which some facts are forgotten, and some known in part only."""
    facts = {key: fact for fact in ruleset.facts for key in fact.keys}

    def less(given: Given) -> Given:
        parts = {
            key: _less(ruleset, facts[key], value, chance) if key in facts else value for key, value in given.items()
        }
        return {key: value for key, value in parts.items() if value is not None}

    told = less({name: value for name, value in household.items() if name not in ("members", "village")})
    village = {"village": less(household["village"])} if "village" in household else {}
    return {**told, **village, "members": [less(member) for member in household["members"]]}


def _less(ruleset: Ruleset, fact: FactDecl, value: Any, chance: Random) -> Any:
    if chance.random() < 0.6 or fact.required:
        return value
    match fact.type:
        case Number():
            ways = [{"min": value}, {"max": value}, {"min": value, "max": value}]
        case Day():
            ways = [value[:7], value[:4], {"max": value}]
        case Code(code_list) if fact.kind == "code":
            ways = [{"one_of": [value, chance.choice(ruleset.program.code_lists[code_list].codes).label]}]
        case _:
            ways = []
    return chance.choice([None, *ways])


def broken(ruleset: Ruleset, household: Given, chance: Random) -> Given:
    """The household with some faults, or what may be one."""
    told = retold(ruleset, household, chance)
    ways = [_junk, _junk, _junk, _misnamed, _twice, _misplaced, _ids, _members, _late]
    if ruleset.program.lists:
        ways += [_listed] * 3
    for _ in range(chance.randint(1, 6)):
        chance.choice(ways)(ruleset, told, chance)
    return told


def _places(ruleset: Ruleset, told: Given) -> list[tuple[str, Given]]:
    """Every set of facts in a household, with its level."""
    found = [("household", told)]
    for key in ("members", "成员"):
        found += [("member", one) for one in _mappings(told.get(key))]
    found += [("village", told[key]) for key in ("village", "村") if isinstance(told.get(key), dict)]
    for declared in ruleset.program.lists:
        owners = [place for level, place in found if level == declared.of]
        lists = [_items(place[key]) for place in owners for key in declared.keys if key in place]
        found += [(declared.name, one) for listed in lists for one in _mappings(listed)]
    return found


def _items(given: Any) -> Any:
    """What stands where a list's items do."""
    if not isinstance(given, dict):
        return given
    return next((given[key] for key in ("at_least", "至少") if key in given), None)


def _mappings(listed: Any) -> list[Given]:
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _facts(ruleset: Ruleset, level: str) -> list[FactDecl]:
    return [fact for fact in ruleset.facts if fact.level == level]


def _junk(ruleset: Ruleset, told: Given, chance: Random) -> None:
    level, place = chance.choice(_places(ruleset, told))
    facts = _facts(ruleset, level)
    if facts:
        fact = chance.choice(facts)
        value: Any = chance.choice(JUNK)
        place[next((key for key in fact.keys if key in place), chance.choice(fact.keys))] = value


def _misnamed(ruleset: Ruleset, told: Given, chance: Random) -> None:
    _, place = chance.choice(_places(ruleset, told))
    names = [*(one.keys for one in ruleset.facts), *(one.keys for one in ruleset.program.lists)]
    word = list(chance.choice(chance.choice(names)))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(word) + 1)
        word[at : at + chance.randint(0, 1)] = chance.choice(["", "x", "的", "户", "😀", "\u0007"])
    place["".join(word)] = 1


def _twice(ruleset: Ruleset, told: Given, chance: Random) -> None:
    level, place = chance.choice(_places(ruleset, told))
    facts = [fact for fact in _facts(ruleset, level) if any(key in place for key in fact.keys)]
    if facts:
        fact = chance.choice(facts)
        known = next(key for key in fact.keys if key in place)
        place[chance.choice(fact.keys)] = chance.choice([place[known], chance.choice(JUNK)])


def _misplaced(ruleset: Ruleset, told: Given, chance: Random) -> None:
    _, place = chance.choice(_places(ruleset, told))
    place[chance.choice(chance.choice(ruleset.facts).keys)] = chance.choice(["是", "1", None])


def _ids(ruleset: Ruleset, told: Given, chance: Random) -> None:
    _, place = chance.choice(_places(ruleset, told))
    place[chance.choice(["id", "编号", *ruleset.program.identifiers.values()])] = chance.choice([*JUNK, "m1", "h1"])


def _members(ruleset: Ruleset, told: Given, chance: Random) -> None:
    key = chance.choice(["members", "成员"])
    listed = told.get(key)
    few: list[Any] = [
        None,
        "",
        [],
        {},
        "x",
        [None],
        ["x", {}],
        [{"id": f"n{i}"} for i in range(ruleset.program.max_members + 1)],
    ]
    told[key] = chance.choice([*few, [*listed, *listed] if isinstance(listed, list) else 3])
    told[chance.choice(["village", "村"])] = chance.choice([None, "", {}, [], "x", 3])


def _listed(ruleset: Ruleset, told: Given, chance: Random) -> None:
    """Something else stands where a list does, or where there is none; or a list twice, or items twice."""
    declared = chance.choice(ruleset.program.lists)
    _, place = chance.choice([one for one in _places(ruleset, told) if one[0] == declared.of] or [("", told)])
    given = place.get(next((key for key in declared.keys if key in place), declared.name))
    listed = _items(given) if isinstance(_items(given), list) else []
    others: list[Any] = [
        *(None, "", "  ", [], {}, "x", 3, True, "不详"),
        *([None], ["x", {}, *listed], [[]], [*listed, *listed], [*listed, {}], [{}] * (declared.most + 1)),
        *({"at_least": given}, {"at_least": "x"}, {"至少": listed, "最多": 3}, {"至少": [], "at_least": listed}),
        {"至少": [{}] * (declared.most + 1)},
    ]
    place[chance.choice([*declared.keys, *declared.keys, "名单"])] = deepcopy(chance.choice(others))


def _late(ruleset: Ruleset, told: Given, chance: Random) -> None:
    level, place = chance.choice(_places(ruleset, told))
    dates = [fact for fact in _facts(ruleset, level) if isinstance(fact.type, Day)]
    if dates:
        later = date.fromordinal(ruleset.breakpoints[-1].toordinal() + chance.randint(-400, 400))
        place[chance.choice(chance.choice(dates).keys)] = chance.choice(
            [str(later), str(later.year), {"min": str(later)}]
        )
