"""Lists as C: constants and an enum for the header, tables for the source. Nothing where a ruleset has none.

In: the manifest. Out: C text. Called by `tables`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from fupin_policy.c_library.addresses import (
    Addresses,
    Manifest,
    every_input,
    lists_of,
    most_items,
    most_members,
    owners,
)
from fupin_policy.c_library.spelling import array, flag, literal


def list_constants(manifest: Manifest) -> dict[str, str]:
    """How many lists there are, and how long arrays are that have an entry for each item."""
    lists = lists_of(manifest)
    found = {"LISTS": str(len(lists))}
    if lists:
        found |= {
            "OWNERS_": str(max(owners(manifest, one) for one in lists)),
            "FIRST_ITEM_": str(most_members(manifest)),
        }
    return found


def known_of_items(manifest: Manifest) -> list[int]:
    """For each fact how many entries it has for what is known of it as an item's."""
    rooms = {one["name"]: most_items(manifest, one) for one in lists_of(manifest)}
    return [rooms.get(fact["level"], 0) for fact in manifest["facts"]]


def latest_of_items(manifest: Manifest) -> list[int]:
    """For each fact how many entries it has for the end of a date of the past, as an item's."""
    read = {one["name"] for one in every_input(manifest)}
    dates = [fact["past"] and fact["kind"] == "date" and fact["name"] in read for fact in manifest["facts"]]
    return [room if date else 0 for room, date in zip(known_of_items(manifest), dates, strict=True)]


def _list_infos(manifest: Manifest) -> Iterator[str]:
    """What the header says of each list."""
    for one in lists_of(manifest):
        absent = one.get("absent", {"zh": "", "en": ""})
        words, taken = (_words(said) for said in (one["label"], absent))
        yield (
            f"{{{literal(one['name'])}, {words}, {flag(one['of'] == 'member')}, {one['most']}, "
            f"{flag('absent' in one)}, {taken}}}"
        )


def list_tables(manifest: Manifest, addresses: Addresses, own_known: int, own_latest: int) -> str:
    """The source's tables of lists. What is known of items stands after so many entries."""
    lists = lists_of(manifest)
    if not lists:
        return ""
    numbers = {fact["name"]: at for at, fact in enumerate(manifest["facts"])}
    firsts = accumulate((most_items(manifest, one) for one in lists), initial=most_members(manifest))
    inputs = accumulate((len(one["inputs"]) for one in lists), initial=0)
    orders = accumulate((len(one["order"]) for one in lists), initial=0)
    starts = {one["list"]: one["start"] for one in manifest["needs"]["items"]}
    rows = [
        f"{{{addresses.column[one['offsets']['pointer']]}, {addresses.column[one['more']['pointer']]}, {first}, "
        f"{starts[one['name']]}, {at}, {len(one['inputs'])}, {order}, {len(one['order'])}}}"
        for one, first, at, order in zip(lists, firsts, inputs, orders, strict=False)
    ]
    asked = [_need(manifest, name, numbers) for one in manifest["needs"]["items"] for name in one["names"]]
    known = accumulate(known_of_items(manifest), initial=own_known)
    latest = accumulate(latest_of_items(manifest), initial=own_latest)
    in_order = [str(numbers[name]) for one in lists for name in one["order"]]
    return "".join(
        [
            array("const anqiu_list_info anqiu_lists[ANQIU_LISTS]", _list_infos(manifest)),
            array("static const listing listings[ANQIU_LISTS]", rows),
            array("static const need item_needs[]", asked),
            array("static const int16_t orders[]", in_order),
            array("static const u32 item_known[]", map(str, known)),
            array("static const u32 item_latest[]", map(str, latest)),
        ]
    )


def _need(manifest: Manifest, name: str, numbers: dict[str, int]) -> str:
    """An input of items: the fact, or that of which it is a code."""
    fact = manifest["facts"][numbers[name if name in numbers else name.rpartition(".")[0]]]
    return f"{{{numbers[fact['name']]}, {literal(fact['name'])}, {literal(fact['label'])}}}"


def _words(words: Manifest) -> str:
    return f"{{{literal(words['zh'])}, {literal(words['en'])}}}"
