"""Which names stand where in files, outside expressions: departments, clauses, facts of examples, codes, policies.

In: a kind of file and the keys that lead to a place. Out: the kinds of names that are looked up there.
Called by `completion`, `references` and `hover`.
"""

from __future__ import annotations

from collections.abc import Sequence

from fupin_policy.documents.words import KEYS
from fupin_policy.editor.schemas import keys_at
from fupin_policy.editor.vocabulary import NameSort

_ANYWHERE: dict[str, tuple[NameSort, ...]] = {
    "lead": ("department",),
    "cooperating": ("department",),
    "possible_lead": ("department",),
    "basis": ("clause", "source"),
    "clause": ("clause",),
    "source": ("source",),
    "prevails_over": ("source",),
    "codes": ("code_list",),
    "unit": ("unit",),
    "audience": ("audience",),
    "section": ("section",),
    "previous": ("policy",),
    "birth": ("fact",),
    "sex": ("fact",),
    "place": ("fact",),
    "sets": ("fact", "code"),
}
_IN_KIND: dict[tuple[str, str], tuple[NameSort, ...]] = {
    ("parameters", "by"): ("fact", "term"),
    ("parameters", "rows"): ("code",),
    ("departments", "to"): ("department",),
    ("places", "within"): ("place",),
    ("facts", "absent"): ("code",),
}
_BODIES = ("lead", "cooperating")


def english_path(kind: str, keys: Sequence[str]) -> tuple[str, ...]:
    """The keys that lead to a place, in English; what is no key of the kind stays as it is."""
    path: list[str] = []
    for key in keys:
        known = [one.name for one in keys_at(kind, path)]
        english = next((one for one in known if key == one or key in KEYS.get(one, ())), key)
        path.append(english)
    return tuple(path)


def sorts_at(kind: str, path: Sequence[str]) -> tuple[NameSort, ...]:
    """The kinds of names of which one may be written as the value below some keys."""
    if not path:
        return ()
    last = path[-1]
    if last in ("then", "otherwise") and set(_BODIES) & set(path):
        return ("department",)
    if kind == "policies" and last == "policies" and "groups" in path:
        return ("policy",)
    return _IN_KIND.get((kind, last), _ANYWHERE.get(last, ()))
