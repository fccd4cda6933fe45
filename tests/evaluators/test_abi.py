"""The artifact as `docs/abi.md` describes it: a host that knows nothing but the manifest, and the page's example.

In: a module's bytes. Out: pass or fail. Called by pytest; `python tests/evaluators/test_abi.py` fills in the example.
"""

from __future__ import annotations

import re
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
import wasmtime
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from module_host import FORMATS, Host, checked_columns, input_pointers

from fupin_policy import load
from fupin_policy.core.days import to_day
from fupin_policy.core.identifiers import FactNeed, Need
from fupin_policy.evaluators.wasm import read_manifest
from fupin_policy.ruleset import Ruleset
from fupin_policy.testing import as_of_dates, households

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "abi.md"
LESSON = load(ROOT / "docs" / "examples" / "lesson")
BILLS = load(ROOT / "docs" / "examples" / "bills")
SHIPPED = load()
RULESETS = {"lesson": LESSON, "shipped": SHIPPED, "bills": BILLS}
HOSTS = {ruleset.id: Host(ruleset.compile()) for ruleset in RULESETS.values()}


@pytest.mark.parametrize("ruleset", list(RULESETS.values()), ids=list(RULESETS))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_host_that_knows_only_the_manifest(ruleset: Ruleset, data: st.DataObject) -> None:
    host = HOSTS[ruleset.id]
    as_of = data.draw(as_of_dates(ruleset))
    read, day = ruleset.read(data.draw(households(ruleset, as_of)), as_of)
    host.place(read, day)
    host.call("check")
    assert host.fault() == (0, 0)
    host.call("run")
    found = ruleset._evaluator.evaluate(read, day)
    ids = [person.id for person in read.members]
    for number, one in enumerate(host.manifest["policies"]):
        assert host.values("outcome", one["policy"], len(ids)) == [found.outcomes[number]]
        ends = host.values("amount", one["policy"], len(ids)) if one["has_amount"] else []
        assert list(zip(*ends, strict=True)) == list(found.amounts[number] or ())
    for one, values in zip(ruleset.program.further, found.further, strict=True):
        columns = host.values(one.role, one.id, len(ids))
        assert (columns[0] if len(columns) == 1 else tuple(zip(*columns, strict=True))) == values
    host.call("missing")
    for number, needs in enumerate(ruleset._evaluator.needs(read, day)):
        assert host.missing(number, read) == set(needs)


@pytest.mark.parametrize("ruleset", list(RULESETS.values()), ids=list(RULESETS))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_value_out_of_range_is_found(ruleset: Ruleset, data: st.DataObject) -> None:
    host = HOSTS[ruleset.id]
    as_of = data.draw(as_of_dates(ruleset))
    read, day = ruleset.read(data.draw(households(ruleset, as_of)), as_of)
    placed = {name: (at, len(raw)) for name, at, raw in host.place(read, day)}
    columns = checked_columns(host.manifest)
    number = data.draw(st.sampled_from(range(len(columns))))
    one, column = columns[number]
    address, size = placed[f"{one['name']}.{column['part']}"]
    form = FORMATS[column["storage"]]
    if not size:
        return
    row = data.draw(st.integers(0, size // struct.calcsize("<" + form) - 1))
    wrong = data.draw(_not_allowed(one, column["storage"]))
    if wrong is None:
        return
    host.write(address + row * struct.calcsize("<" + form), form, wrong)
    host.call("check")
    # the least end too high is noticed at the other end, if not at itself
    assert host.fault()[0] in (number + 1, number + 2)
    assert host.fault()[1] == row


def _not_allowed(one: dict[str, Any], storage: str) -> st.SearchStrategy[int | None]:
    match one["type"]:
        case "truth":
            return st.sampled_from([1, 4, 255])
        case "code":
            whole = (1 << one["size"]) - 1
            most = (1 << 8 * struct.calcsize("<" + FORMATS[storage])) - 1
            return st.sampled_from([0, *([whole + 1, most] if most > whole else [])])
        case _:
            low, high = one["range"]
            bits = 8 * struct.calcsize("<" + FORMATS[storage])
            least, past = (0, 2**bits) if storage.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1))
            near = [value for value in (low - 1, high + 1) if least <= value < past]
            return st.sampled_from(near or [None])


@pytest.mark.parametrize("day", [LESSON.program.covers.start - 1, LESSON.program.covers.end, -(2**31), 2**31 - 1])
@pytest.mark.parametrize("entry", ["run", "missing"])
def test_a_day_not_covered_traps(day: int, entry: str) -> None:
    host = Host(LESSON.compile())
    read, known = LESSON.read({"id": "h", "members": [{"id": "m"}]}, "2019-06-30")
    host.place(read, known)
    host.write(host.manifest["header"]["as_of"], "i", day)
    with pytest.raises(wasmtime.Trap):
        host.call(entry)


def test_the_artifact_is_reproducible_and_imports_nothing() -> None:
    again = load(cache=False)
    assert again.compile() == SHIPPED.compile()
    assert wasmtime.Module(wasmtime.Engine(), SHIPPED.compile()).imports == []


EXAMPLE: dict[str, Any] = {
    "id": "h1",
    "on_allowance": True,
    "town": "东河镇",
    "members": [{"id": "m1", "birth_date": "1959"}],
}
OF_BILLS = {"at_least": [{"医疗费用": 600, "就医日期": "2019-03-01"}]}
EXAMPLE_OF_LISTS: dict[str, Any] = {
    "id": "h1",
    "赡养人": [{"月收入": {"min": 2000, "max": 3500}}],
    "members": [{"id": "m1", "就医记录": OF_BILLS}],
}


def example(ruleset: Ruleset = LESSON, given: dict[str, Any] = EXAMPLE) -> str:
    """The worked example: what is written, and what is there after `run` and `missing`."""
    host = Host(ruleset.compile())
    read, day = ruleset.read(given, "2019-06-30")
    written = sorted(host.place(read, day), key=lambda one: one[1])
    pointers = [(f"→ {name}", at, host.read(at, "I")[0]) for name, at in input_pointers(host.manifest)]
    lines = ["written by the host"]
    lines += [f"  {at:08x}  {raw.hex(' '):<24}  {name}" for name, at, raw in written if name in host.manifest["header"]]
    lines += [f"  {at:08x}  {value.to_bytes(4, 'little').hex(' '):<24}  {name}" for name, at, value in pointers]
    lines += [
        f"  {at:08x}  {raw.hex(' '):<24}  {name}" for name, at, raw in written if at >= host.manifest["header"]["heap"]
    ]
    host.call("check")
    host.call("run")
    host.call("missing")
    lines.append("left by run")
    for one in host.manifest["outputs"]:
        for column in one["columns"]:
            address, size = host.addresses[column["pointer"]], struct.calcsize("<" + FORMATS[column["storage"]])
            raw = bytes(host.memory.read(host.store, address, address + size))
            lines.append(f"  {address:08x}  {raw.hex(' '):<24}  {one['id']}.{column['part']}")
    lines.append("left by missing")
    for number, one in enumerate(host.manifest["policies"]):
        names = ", ".join(sorted(map(_told, host.missing(number, read))))
        lines.append(f"  {one['policy']}: {names or 'nothing'}")
    return "\n".join(lines) + "\n"


def _told(need: Need) -> str:
    item = f"[{need.item + 1}]." if isinstance(need, FactNeed) and need.item is not None else ""
    return f"{'' if need.member is None else f'{need.member}.'}{item}{need.name}"


BLOCKS: dict[re.Pattern[str], tuple[Ruleset, dict[str, Any]]] = {
    re.compile(r"(<!-- example -->\n```text\n)(.*?)(```)", re.DOTALL): (LESSON, EXAMPLE),
    re.compile(r"(<!-- example of lists -->\n```text\n)(.*?)(```)", re.DOTALL): (BILLS, EXAMPLE_OF_LISTS),
}


@pytest.mark.parametrize("pattern", list(BLOCKS), ids=["plain", "lists"])
def test_the_example_of_the_page_is_real(pattern: re.Pattern[str]) -> None:
    block = pattern.search(PAGE.read_text(encoding="utf-8"))
    assert block is not None
    assert block[2] == example(*BLOCKS[pattern]), "run `python tests/evaluators/test_abi.py`"


def test_the_page_names_all_that_the_manifest_has() -> None:
    page = PAGE.read_text(encoding="utf-8")
    manifest = read_manifest(LESSON.compile())
    with_lists = read_manifest(BILLS.compile())
    listed = ("outputs", "policies", "frames", "parameters")
    parts = {**manifest, **manifest["header"], **manifest["needs"], **manifest["facts"][2]}
    for name in listed:
        parts.update(manifest[name][0])
    parts.update(with_lists["lists"][0], **with_lists["needs"], **with_lists["needs"]["items"][0])
    assert [name for name in parts if f"`{name}`" not in page and f"header.{name}" not in page] == []
    assert f"version {manifest['abi']} " in page


def test_days_of_the_example() -> None:
    from datetime import date

    assert to_day(date(2019, 6, 30)) == 18077


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    for pattern, shown in BLOCKS.items():
        block = pattern.search(text)
        assert block is not None
        text = text.replace(block[0], block[1] + example(*shown) + block[3])
    PAGE.write_text(text, encoding="utf-8")
    sys.exit(0)
