"""Numbers of identity as C: what each fills, as a table. Nothing where a ruleset has none.

In: the manifest. Out: C text. Called by `tables`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fupin_policy.c_library.addresses import Manifest
from fupin_policy.c_library.spelling import array, flag


def numbers_of(manifest: Manifest) -> list[Manifest]:
    """The facts that are numbers of identity."""
    return [fact for fact in manifest["facts"] if "number" in fact]


def number_table(manifest: Manifest) -> str:
    """For each number the facts that it fills, and those beside it that say what holds of it; -1 if there is none."""
    rows = list(_rows(manifest))
    return array("const anqiu_number_info anqiu_numbers[ANQIU_NUMBERS]", rows) if rows else ""


def _rows(manifest: Manifest) -> Iterator[str]:
    places = {fact["name"]: at for at, fact in enumerate(manifest["facts"])}
    for fact in numbers_of(manifest):
        name, number = fact["name"], fact["number"]
        sex = number.get("sex", {"fact": None, "male": 0, "female": 0})
        beside = (places.get(f"{name}.{part}", -1) for part in ("legible", "valid", "birth", "sex", "unique"))
        filled = (places.get(one, -1) for one in (number.get("birth"), sex["fact"]))
        masks = (f"UINT64_C({sex[one]})" for one in ("male", "female"))
        yield f"{{{', '.join(map(str, (places[name], flag('kind' in number), *filled, *masks, *beside)))}}}"
