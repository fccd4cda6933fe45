"""What a module says about itself as C: constants for the header, tables for the source.

In: the manifest. Out: C text. Called by `library`.
Columns stand at fixed addresses, each with room for as many members as the ruleset allows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fupin_policy.c_library.addresses import SIZES, Addresses, Manifest, every_input, lists_of, most_members
from fupin_policy.c_library.enums import code_lists_read, iso
from fupin_policy.c_library.list_tables import known_of_items, latest_of_items, list_constants, list_tables
from fupin_policy.c_library.number_tables import number_table, numbers_of
from fupin_policy.c_library.spelling import array, comment, flag, identifiers, literal, number

_KINDS = {"truth": "TRUTH", "number": "NUMBER", "date": "DATE", "code": "CODE", "codes": "CODES", "text": "TEXT"}
LEVELS = {"household": "HOUSEHOLD", "member": "MEMBER", "village": "VILLAGE"}


def title(manifest: Manifest) -> str:
    """The comment at the top of each file."""
    words = manifest["title"]
    return (
        f"/* {comment(words['zh'])} / {comment(words['en'])}\n"
        f"   Written by `fupin compile --c` from {manifest['digest']}. Do not edit. */"
    )


def constants(manifest: Manifest, globals_: int) -> str:
    """The header's constants; of so many globals."""
    start, end = manifest["covers"]
    past = len(_past(manifest))
    addresses = Addresses(manifest)
    most = max((_bodies(frame, part) for frame in manifest["frames"] for part in ("lead", "cooperating")), default=0)
    header = manifest["header"]
    values = {
        "ID": literal(manifest["ruleset"]),
        "DIGEST": literal(manifest["digest"]),
        "TRIAL": literal(json.dumps(manifest["trial"], ensure_ascii=False) if "trial" in manifest else ""),
        "CURRENCY": literal(manifest["currency"]),
        "DECIMALS": f"{manifest['decimals']} /* of an amount: its integers are in 10^-{manifest['decimals']} */",
        "FIRST_DAY": f"{start} /* {iso(start)} */",
        "LAST_DAY": f"{end - 1} /* {iso(end - 1)} */",
        "MIN_MEMBERS": str(manifest["min_members"]),
        "MAX_MEMBERS": str(manifest["max_members"]),
        "MOST_DEPARTMENTS": str(max(1, most)),
        "NAMES": f"{sum(len(_names_of(fact)) for fact in manifest['facts'])} /* of facts, aliases among them */",
        "HOUSEHOLD_ID": literal(manifest["identifiers"].get("household", "id")),
        "MEMBER_ID": literal(manifest["identifiers"].get("member", "id")),
        **list_constants(manifest),
        "GLOBALS_": str(globals_),
        "NUMBERS": str(len(numbers_of(manifest))),
        "PAST_": str(max(1, past)),
        "LATEST_": str(_own_latest(manifest) + sum(latest_of_items(manifest))),
        "KNOWN_": str(_own_known(manifest) + sum(known_of_items(manifest))),
        "MEMORY_": str(addresses.end),
        "AT_DAY_": str(header["as_of"]),
        "AT_EXACT_": str(header["exact"]),
        "AT_HEAP_": str(addresses.heap),
        "AT_RESULTS_": str(addresses.results),
        "AT_NEEDS_": str(addresses.needs),
        "ASSUMING_": f"{len(assuming(manifest))} /* facts and lists of which something is assumed */",
        "NEEDS_OF_HOUSEHOLD_": str(len(manifest["needs"]["household"])),
        "NEEDS_OF_MEMBER_": str(len(manifest["needs"]["member"])),
        "NEEDS_STRIDE_": str(manifest["needs"]["stride"]),
    }
    return "".join(f"#define ANQIU_{name} {value}\n" for name, value in values.items())


def _own_known(manifest: Manifest) -> int:
    """How many entries there are for what is known of facts of the household and of members."""
    return (int(manifest["max_members"]) + 1) * len(manifest["facts"])


def _own_latest(manifest: Manifest) -> int:
    """How many entries there are for the ends of dates of the past, of the household and of members."""
    return (most_members(manifest) + 1) * max(1, len(_past(manifest)))


def _bodies(frame: Mapping[str, Any], part: str) -> int:
    """How many bodies of a frame may lead, or cooperate."""
    return len({*frame[part], *(body for one in frame.get("answers", ()) for body in one[part])})


def assuming(manifest: Manifest) -> list[Mapping[str, Any]]:
    """The facts and lists that declare what is assumed of them."""
    return [one for one in (*manifest["facts"], *lists_of(manifest)) if "absent" in one]


def tables(manifest: Manifest) -> str:
    """The source's tables."""
    addresses = Addresses(manifest)
    return "\n".join(
        [
            _header(manifest, addresses),
            *(_code_list(name, codes) for name, codes in code_lists_read(manifest)),
            array("const anqiu_fact_info anqiu_facts[ANQIU_FACTS]", _fact_infos(manifest)),
            array("const anqiu_policy_info anqiu_policies[ANQIU_POLICIES]", _policy_infos(manifest)),
            array("const anqiu_figure_info anqiu_figures[ANQIU_FIGURES + 1]", map(_figure_info, manifest["figures"])),
            *_places(manifest, addresses),
            list_tables(manifest, addresses, _own_known(manifest), _own_latest(manifest)),
            number_table(manifest),
            _results(manifest, addresses),
            _fact_names(manifest),
        ]
    )


def _header(manifest: Manifest, addresses: Addresses) -> str:
    header = manifest["header"]
    cells = dict.fromkeys(range(0, header["length"], 4), 0)
    cells |= {header["households"]: 1, header["offsets"]: addresses.heap, header["needs"]: addresses.needs}
    cells |= addresses.column
    found = b"".join(cells[at].to_bytes(4, "little") for at in sorted(cells))
    rows = (", ".join(map(str, found[at : at + 24])) for at in range(0, len(found), 24))
    return array("static const uint8_t header[]", rows)


def _code_list(name: str, codes: Sequence[Mapping[str, str]]) -> str:
    entries = (f"{{{literal(one['code'])}, {literal(one['name'])}, {literal(one['label'])}}}" for one in codes)
    return array(f"static const anqiu_code {code_list(name)}[]", entries)


def code_list(name: str) -> str:
    """The table of a code list."""
    return identifiers("codes", [name])[0].lower()


def _fact_infos(manifest: Manifest) -> Iterable[str]:
    facts = manifest["facts"]
    levels = {level: f"ANQIU_OF_{name}" for level, name in LEVELS.items()}
    levels |= {one["name"]: f"ANQIU_OF_LIST + {at}" for at, one in enumerate(lists_of(manifest))}
    numbers = {fact["name"]: index for index, fact in enumerate(facts)}
    beside = {fact["name"]: numbers[fact["given"]] for fact in facts if "given" in fact}
    beside |= {fact["given"]: numbers[fact["name"]] for fact in facts if "given" in fact}
    return (_fact_info(fact, levels[fact["level"]], beside.get(fact["name"], -1)) for fact in facts)


def _fact_info(fact: Mapping[str, Any], level: str, beside: int) -> str:
    kind = "IDENTITY" if "number" in fact else _KINDS[fact["kind"]]
    low, high = fact.get("range", (0, 0))
    decimals = fact["scale"] + fact["power"] if fact["kind"] == "number" else 0
    codes = code_list(fact["code_list"]) if "code_list" in fact else "NULL"
    absent = fact.get("absent", {"value": 0, "zh": "", "en": ""})
    assumed = f"{flag('absent' in fact)}, {number(_signed(absent['value']))}, {words_of(absent)}"
    return (
        f"{{{literal(fact['name'])}, {literal(fact['label'])}, ANQIU_{kind}, {level}, "
        f"{flag(fact['required'])}, {flag(fact['past'])}, {decimals}, {fact.get('size', 0)}, {codes}, "
        f"{number(low)}, {number(high)}, {assumed}, {beside}, {_series_info(fact)}}}"
    )


_EACH = {"month": "MONTHLY", "year": "YEARLY"}


def _series_info(fact: Mapping[str, Any]) -> str:
    """Of which series it is a value, and of how long ago."""
    series = fact.get("series")
    if series is None:
        return "NULL, NULL, ANQIU_ONCE, 0"
    return f"{literal(series['name'])}, {literal(series['label'])}, ANQIU_{_EACH[series['each']]}, {fact['ago']}"


def _names_of(fact: Mapping[str, Any]) -> tuple[str, ...]:
    """What a fact is found by: of a series its value of this month or year."""
    named = fact.get("series", fact)
    return () if fact.get("ago") else (named["name"], named["label"], *named["aliases"])


def _signed(value: int) -> int:
    """A mask of 64 codes as the signed integer of the same bits."""
    return value - 2**64 if value >= 2**63 else value


def _policy_infos(manifest: Manifest) -> Iterator[str]:
    varying = {one["id"] for one in manifest["outputs"] if one["role"] == "lead"}
    for policy in manifest["policies"]:
        name = policy["policy"]
        flags = ", ".join(map(flag, (policy["level"] == "member", policy["has_amount"], name in varying)))
        named = ", ".join(_named(policy.get(key)) for key in ("audience", "section"))
        yield f"{{{literal(name)}, {words_of(policy['title'])}, {flags}, {named}}}"


def _named(one: Mapping[str, str] | None) -> str:
    return f"{{{'NULL' if one is None else literal(one['name'])}, {words_of(one)}}}"


def _figure_info(figure: Mapping[str, Any]) -> str:
    kind, of_members = _KINDS[figure["type"]], flag(figure["level"] == "member")
    codes = code_list(figure["code_list"]) if "code_list" in figure else "NULL"
    words, check = f"{words_of(figure['label'])}, {words_of(figure['unit_label'])}", figure.get("check")
    severity = "NULL" if check is None else literal(check["severity"])
    return (
        f"{{{literal(figure['figure'])}, {words}, ANQIU_{kind}, {of_members}, {figure['decimals']}, "
        f"{figure.get('size', 0)}, {codes}, {severity}, {words_of(check and check['words'])}}}"
    )


def words_of(words: Mapping[str, str] | None) -> str:
    """A text in both languages, or none."""
    return "{NULL, NULL}" if words is None else f"{{{literal(words['zh'])}, {literal(words['en'])}}}"


def _places(manifest: Manifest, addresses: Addresses) -> Iterable[str]:
    inputs = {entry["name"]: entry for entry in every_input(manifest)}
    past = _past(manifest) | {at: 0 for at, room in enumerate(latest_of_items(manifest)) if room}
    columns: list[str] = []
    places = []
    for index, fact in enumerate(manifest["facts"]):
        names = input_names(manifest, fact)
        found = [inputs[name]["columns"] for name in names if name in inputs]
        size = SIZES[found[0][0]["storage"]] if found else 1
        places.append(f"{{{len(columns)}, {len(names) if found else 0}, {size}, {past.get(index, -1)}}}")
        if found:
            columns += [_column(inputs.get(name, {"columns": []})["columns"], addresses) for name in names]
    return array("static const column columns[]", columns), array("static const place places[ANQIU_FACTS]", places)


def input_names(manifest: Manifest, fact: Mapping[str, Any]) -> list[str]:
    """The names under which a fact's inputs go; a fact that holds several codes has one for each."""
    if fact["kind"] == "codes":
        return [f"{fact['name']}.{code['name']}" for code in manifest["code_lists"][fact["code_list"]]]
    return [fact["name"]]


def _column(columns: Sequence[Mapping[str, Any]], addresses: Addresses) -> str:
    ends = [addresses.column[column["pointer"]] for column in columns] or [0]
    return f"{{{ends[0]}, {ends[-1]}}}"


def _past(manifest: Manifest) -> dict[int, int]:
    """The facts that are dates of the past and read by some rule, numbered."""
    read = {entry["name"] for entry in manifest["inputs"]}
    found = [
        i for i, one in enumerate(manifest["facts"]) if one["past"] and one["kind"] == "date" and one["name"] in read
    ]
    return {fact: index for index, fact in enumerate(found)}


def _results(manifest: Manifest, addresses: Addresses) -> str:
    """For each policy where its results stand and what they rest on, for each figure where its values stand."""
    outputs = {(one["role"], one["id"]): one for one in manifest["outputs"]}
    answers = {
        manifest["policies"][at]["policy"]: len(manifest["frames"][steps[0][1]].get("answers", ()))
        for at, steps in enumerate(manifest["stretches"])
    }

    def places(role: str, name: str, otherwise: tuple[int, ...] = ()) -> tuple[int, ...]:
        columns = outputs[role, name]["columns"] if (role, name) in outputs else ()
        return tuple(addresses.column[column["pointer"]] for column in columns) or otherwise

    def told(role: str, name: str, *between: int) -> tuple[int, ...]:
        """The size of an output, and its question."""
        one = outputs[role, name]
        return (SIZES[one["columns"][0]["storage"]], *between, one["question"])

    def answering(name: str) -> tuple[int, ...]:
        key = ("lead", name)
        return (*places(*key), *told(*key, answers[name])) if key in outputs else (0, 0, 0, -1)

    def resting(keys: Iterable[tuple[str, str]]) -> list[str]:
        """A row for each column."""
        return [
            f"{{{addresses.column[column['pointer']]}, {SIZES[column['storage']]}, "
            f"{flag(one['level'] == 'member')}, {one['question']}}}"
            for one in (outputs[key] for key in keys if key in outputs)
            for column in one["columns"]
        ]

    rows, rests = list[str](), list[str]()
    for policy in manifest["policies"]:
        name = policy["policy"]
        audience = ("audience", policy.get("audience", {}).get("name"))
        further = (*places("beneficiary", name, (0,)), *answering(name), *places(*audience, (0,)))
        found = [*places("outcome", name), *places("amount", name, (0, 0)), *further]
        deciding = [(role, name) for role in ("outcome", "amount", "beneficiary")]
        documents = [key for key in outputs if key[0] == "document" and key[1].partition("/")[0] == name]
        beside = [*deciding, ("lead", name), audience]
        resting_on = [*map(resting, (deciding, beside, [*beside, *documents]))]
        rows.append(f"{{{', '.join(map(str, [*found, len(rests), *map(len, resting_on)]))}}}")
        rests += resting_on[-1]
    figures = []
    for figure in manifest["figures"]:
        key = ("figure", figure["figure"])
        ends = places(*key)
        figures.append(f"{{{', '.join(map(str, (ends[0], ends[-1], *told(*key))))}}}")
    return "\n".join(
        [
            array("static const resting rests[]", rests),
            array("static const result results[ANQIU_POLICIES]", rows),
            array("static const told figures[ANQIU_FIGURES + 1]", figures),
        ]
    )


def data(segments: Mapping[int, bytes]) -> str:
    """What stands in memory from the beginning, as one array and its address; `run` reads the first segment only."""
    start, end = min(segments, default=0), max((at + len(found) for at, found in segments.items()), default=0)
    whole = bytearray(end - start)
    for at, found in segments.items():
        whole[at - start : at - start + len(found)] = found
    rows = (", ".join(map(str, whole[at : at + 24])) for at in range(0, len(whole), 24))
    sizes = f"RUN_SIZE = {len(segments[start]) if segments else 0}, DATA_SIZE = {len(whole)}"
    return f"enum {{ DATA_AT = {start}, {sizes} }};\n" + array("static const uint8_t data[]", rows)


def needs(manifest: Manifest) -> str:
    """What each need is about: a fact, a parameter without a value, or which items a list has."""
    numbers = {name: index for index, fact in enumerate(manifest["facts"]) for name in input_names(manifest, fact)}
    labels = {f"parameter.{one['name']}": _called(one) for one in manifest["parameters"]}
    labels |= {one["name"]: one["label"]["zh"] for one in lists_of(manifest)}
    lists = {one["name"]: -2 - at for at, one in enumerate(lists_of(manifest))}
    rows = []
    for name in (*manifest["needs"]["household"], *manifest["needs"]["member"]):
        fact = manifest["facts"][numbers[name]] if name in numbers else {"name": name, "label": labels[name]}
        rows.append(f"{{{numbers.get(name, lists.get(name, -1))}, {literal(fact['name'])}, {literal(fact['label'])}}}")
    return array("static const need needs[]", rows)


def _called(parameter: Mapping[str, Any]) -> str:
    """What a parameter is called beside facts; a reading's label says that it is one."""
    label: str = parameter["label"]
    return label if "reading" in parameter else f"参数.{label}"


def _fact_names(manifest: Manifest) -> str:
    found = {name.encode(): index for index, fact in enumerate(manifest["facts"]) for name in _names_of(fact)}
    return array(
        "static const fact_name fact_names[]",
        (f"{{{literal(name.decode())}, {found[name]}}}" for name in sorted(found)),
    )
