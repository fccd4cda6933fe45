"""What a module says about itself as C: constants and enums for the header, tables for the source.

In: the manifest. Out: C text. Called by `library`.
Columns stand at fixed addresses, each with room for as many members as the ruleset allows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from fupin_policy.c_library.spelling import array, comment, flag, identifiers, literal, number

Manifest = Mapping[str, Any]

_SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "i32": 4, "i64": 8}
_KINDS = {"truth": "TRUTH", "number": "NUMBER", "date": "DATE", "code": "CODE", "codes": "CODES", "text": "TEXT"}
LEVELS = {"household": "HOUSEHOLD", "member": "MEMBER", "village": "VILLAGE"}


class Addresses:
    """Where everything stands in a module's memory: `column` by pointer, the needs, and how much there is in all."""

    def __init__(self, manifest: Manifest) -> None:
        header = manifest["header"]
        self.heap: int = header["heap"]
        self.column: dict[int, int] = {}
        at = self.heap + 8
        for entry in (*manifest["inputs"], *manifest["outputs"]):
            for column in entry["columns"]:
                at = (at + 7) // 8 * 8
                self.column[column["pointer"]] = at
                at += _SIZES[column["storage"]] * (most_members(manifest) if entry["level"] == "member" else 1)
        self.results = min((self.column[one["columns"][0]["pointer"]] for one in manifest["outputs"]), default=at)
        self.needs = at
        self.end = (at + manifest["needs"]["questions"] * manifest["needs"]["stride"] + 7) // 8 * 8


def most_members(manifest: Manifest) -> int:
    """The greatest number of members, at least 1: C has no empty arrays."""
    return max(1, int(manifest["max_members"]))


def title(manifest: Manifest) -> str:
    """The comment at the top of each file."""
    words = manifest["title"]
    return (
        f"/* {comment(words['zh'])} / {comment(words['en'])}\n"
        f"   Written by `fupin compile --c` from {manifest['digest']}. Do not edit. */"
    )


def constants(manifest: Manifest) -> str:
    """The header's constants."""
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
        "PAST_": str(max(1, past)),
        "LATEST_": f"({most_members(manifest) + 1} * ANQIU_PAST_)",
        "MEMORY_": str(addresses.end),
        "AT_DAY_": str(header["as_of"]),
        "AT_EXACT_": str(header["exact"]),
        "AT_HEAP_": str(addresses.heap),
        "AT_RESULTS_": str(addresses.results),
        "AT_NEEDS_": str(addresses.needs),
        "ASSUMING_": f"{len(assuming(manifest))} /* facts of which something is assumed where they are not given */",
        "NEEDS_OF_HOUSEHOLD_": str(len(manifest["needs"]["household"])),
        "NEEDS_OF_MEMBER_": str(len(manifest["needs"]["member"])),
        "NEEDS_STRIDE_": str(manifest["needs"]["stride"]),
    }
    return "".join(f"#define ANQIU_{name} {value}\n" for name, value in values.items())


def _bodies(frame: Mapping[str, Any], part: str) -> int:
    """How many bodies of a frame may lead, or cooperate."""
    return len({*frame[part], *(body for one in frame.get("answers", ()) for body in one[part])})


def assuming(manifest: Manifest) -> list[Mapping[str, Any]]:
    """The facts that declare what is assumed of them."""
    return [fact for fact in manifest["facts"] if "absent" in fact]


def iso(day: int) -> str:
    """A day as a date."""
    return date.fromordinal(day + date(1970, 1, 1).toordinal()).isoformat()


def enums(manifest: Manifest) -> str:
    """The header's enums: facts and policies; and the codes, a bit each."""
    lists = "\n".join(_codes(name, codes) for name, codes in _lists(manifest))
    return "\n".join(
        [
            _enum("fact", manifest["facts"], "name", _about_fact, "ANQIU_FACTS"),
            _enum("policy", manifest["policies"], "policy", _about_policy, "ANQIU_POLICIES"),
            _enum("figure", manifest["figures"], "figure", _about_figure, "ANQIU_FIGURES"),
            lists,
        ]
    )


def _enum(
    kind: str, entries: Sequence[Mapping[str, Any]], name: str, about: Callable[[Mapping[str, Any]], str], count: str
) -> str:
    """The constants of entries in order, each with what it is."""
    names = identifiers(f"ANQIU_{kind.upper()}", (entry[name] for entry in entries))
    lines = [f"  {one}, /* {about(entry)} */" for one, entry in zip(names, entries, strict=True)]
    return "\n".join([f"enum anqiu_{kind} {{", *lines, f"  {count}", "};", ""])


def _about_fact(fact: Mapping[str, Any]) -> str:
    words = [f"{fact['level']}, {fact['kind']}: {fact['label']}"]
    if fact["kind"] == "number":
        low, high = fact["range"]
        words.append(f"{low}..{high} of 10^-{fact['scale'] + fact['power']}")
    if fact["kind"] == "date":
        words.append("..".join(iso(day) for day in fact["range"]))
    if "code_list" in fact:
        words.append(fact["code_list"])
    if fact["required"]:
        words.append("required")
    return comment(", ".join(words))


def _about_policy(policy: Mapping[str, Any]) -> str:
    return comment(f"{policy['level']}: {policy['title']['zh']} / {policy['title']['en']}")


def _about_figure(figure: Mapping[str, Any]) -> str:
    return comment(f"{figure['level']}, {figure['type']}: {figure['label']['zh']} / {figure['label']['en']}")


def _codes(name: str, codes: Sequence[Mapping[str, str]]) -> str:
    found = identifiers(f"ANQIU_CODE_{name}", (code["name"] for code in codes))
    lines = [
        f"#define {one} UINT64_C(0x{1 << index:x}) /* {comment(code['label'])} */"
        for index, (one, code) in enumerate(zip(found, codes, strict=True))
    ]
    return "\n".join([f"/* {comment(name)} */", *lines, ""])


def _lists(manifest: Manifest) -> list[tuple[str, Any]]:
    """The code lists of facts and figures; those of parameters alone are never read in C."""
    read = {one.get("code_list") for one in (*manifest["facts"], *manifest["figures"])}
    return [(name, codes) for name, codes in manifest["code_lists"].items() if name in read]


def tables(manifest: Manifest) -> str:
    """The source's tables."""
    addresses = Addresses(manifest)
    return "\n".join(
        [
            _header(manifest, addresses),
            *(_code_list(name, codes) for name, codes in _lists(manifest)),
            array("const anqiu_fact_info anqiu_facts[ANQIU_FACTS]", _fact_infos(manifest["facts"])),
            array("const anqiu_policy_info anqiu_policies[ANQIU_POLICIES]", _policy_infos(manifest)),
            array("const anqiu_figure_info anqiu_figures[ANQIU_FIGURES + 1]", map(_figure_info, manifest["figures"])),
            *_places(manifest, addresses),
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


def _fact_infos(facts: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    numbers = {fact["name"]: index for index, fact in enumerate(facts)}
    beside = {fact["name"]: numbers[fact["given"]] for fact in facts if "given" in fact}
    beside |= {fact["given"]: numbers[fact["name"]] for fact in facts if "given" in fact}
    return (_fact_info(fact, beside.get(fact["name"], -1)) for fact in facts)


def _fact_info(fact: Mapping[str, Any], beside: int) -> str:
    kind, level = "IDENTITY" if "number" in fact else _KINDS[fact["kind"]], LEVELS[fact["level"]]
    low, high = fact.get("range", (0, 0))
    decimals = fact["scale"] + fact["power"] if fact["kind"] == "number" else 0
    codes = code_list(fact["code_list"]) if "code_list" in fact else "NULL"
    absent = fact.get("absent", {"value": 0, "zh": "", "en": ""})
    assumed = f"{flag('absent' in fact)}, {number(_signed(absent['value']))}, {words_of(absent)}"
    return (
        f"{{{literal(fact['name'])}, {literal(fact['label'])}, ANQIU_{kind}, ANQIU_OF_{level}, "
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
    inputs = {entry["name"]: entry for entry in manifest["inputs"]}
    past = _past(manifest)
    columns: list[str] = []
    places = []
    for index, fact in enumerate(manifest["facts"]):
        names = input_names(manifest, fact)
        found = [inputs[name]["columns"] for name in names if name in inputs]
        size = _SIZES[found[0][0]["storage"]] if found else 1
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
        return (_SIZES[one["columns"][0]["storage"]], *between, one["question"])

    def answering(name: str) -> tuple[int, ...]:
        key = ("lead", name)
        return (*places(*key), *told(*key, answers[name])) if key in outputs else (0, 0, 0, -1)

    def resting(keys: Iterable[tuple[str, str]]) -> list[str]:
        """A row for each column."""
        return [
            f"{{{addresses.column[column['pointer']]}, {_SIZES[column['storage']]}, "
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
    """What each need is about: a fact, or a parameter without a value."""
    numbers = {name: index for index, fact in enumerate(manifest["facts"]) for name in input_names(manifest, fact)}
    labels = {f"parameter.{one['name']}": _called(one) for one in manifest["parameters"]}
    rows = []
    for name in (*manifest["needs"]["household"], *manifest["needs"]["member"]):
        fact = manifest["facts"][numbers[name]] if name in numbers else {"name": name, "label": labels[name]}
        rows.append(f"{{{numbers.get(name, -1)}, {literal(fact['name'])}, {literal(fact['label'])}}}")
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
