"""What a module says about itself as enums of C: facts, policies, figures and lists by number, codes by their bits.

In: the manifest. Out: C text. Called by `tables` and `library`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from fupin_policy.c_library.addresses import Manifest, lists_of
from fupin_policy.c_library.spelling import comment, identifiers


def iso(day: int) -> str:
    """A day as a date."""
    return date.fromordinal(day + date(1970, 1, 1).toordinal()).isoformat()


def enums(manifest: Manifest) -> str:
    """The header's enums: facts and policies; and the codes, a bit each."""
    lists = "\n".join(_codes(name, codes) for name, codes in code_lists_read(manifest))
    return "\n".join(
        [
            _enum("fact", manifest["facts"], "name", _about_fact, "ANQIU_FACTS"),
            _enum("policy", manifest["policies"], "policy", _about_policy, "ANQIU_POLICIES"),
            _enum("figure", manifest["figures"], "figure", _about_figure, "ANQIU_FIGURES"),
            *(
                [_enum("list", lists_of(manifest), "name", _about_list, "ANQIU_LIST_END_")]
                if lists_of(manifest)
                else ()
            ),
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


def _about_list(one: Mapping[str, Any]) -> str:
    return comment(f"{one['of']}: {one['label']['zh']} / {one['label']['en']}, {one['most']} at most")


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


def code_lists_read(manifest: Manifest) -> list[tuple[str, Any]]:
    """The code lists of facts and figures; those of parameters alone are never read in C."""
    read = {one.get("code_list") for one in (*manifest["facts"], *manifest["figures"])}
    return [(name, codes) for name, codes in manifest["code_lists"].items() if name in read]
