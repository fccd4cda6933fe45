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

from fupin_policy import load
from fupin_policy.core.days import to_day
from fupin_policy.core.household import Household
from fupin_policy.evaluators.wasm import read_manifest
from fupin_policy.ruleset import Ruleset
from fupin_policy.testing import as_of_dates, households

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "abi.md"
LESSON = load(ROOT / "docs" / "examples" / "lesson")
SHIPPED = load()
FORMATS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i32": "i", "i64": "q"}


class Host:
    """A host for one household at a time, written from the page."""

    def __init__(self, wasm: bytes) -> None:
        self.manifest = read_manifest(wasm)
        engine = wasmtime.Engine()
        self.store = wasmtime.Store(engine)
        self.exports: Any = wasmtime.Instance(self.store, wasmtime.Module(engine, wasm), []).exports(self.store)
        memory = self.exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self.memory = memory
        self.addresses: dict[int, int] = {}

    def write(self, address: int, form: str, *values: int) -> bytes:
        raw = struct.pack("<" + form, *values)
        self.memory.write(self.store, raw, address)
        return raw

    def read(self, address: int, form: str) -> tuple[int, ...]:
        raw = self.memory.read(self.store, address, address + struct.calcsize("<" + form))
        return struct.unpack("<" + form, bytes(raw))

    def place(self, household: Household, as_of: int) -> list[tuple[str, int, bytes]]:
        """Write a household; gives what was written: what it is, its address, its bytes."""
        header, members = self.manifest["header"], len(household.members)
        at = header["heap"]
        written = [("offsets", at, self.write(at, "2i", 0, members))]
        at += 8
        own = list(household.facts)
        of_members = [list(facts) for facts in zip(*(person.facts for person in household.members), strict=True)]
        for one in self.manifest["inputs"]:
            of_member = one["level"] == "member"
            values = (of_members.pop(0) if members else []) if of_member else [own.pop(0)]
            for column in one["columns"]:
                ends = [value[column["part"] == "high"] if isinstance(value, tuple) else value for value in values]
                raw = self.write(at, f"{len(ends)}{FORMATS[column['storage']]}", *ends)
                written.append((f"{one['name']}.{column['part']}", at, raw))
                self.write(column["pointer"], "i", at)
                at = (at + len(raw) + 7) // 8 * 8
        for one in self.manifest["outputs"]:
            for column in one["columns"]:
                self.addresses[column["pointer"]] = at
                self.write(column["pointer"], "i", at)
                at += 8 * max(1, members)
        needs = at
        at += self.manifest["needs"]["stride"] * self.manifest["needs"]["questions"]
        room = len(self.memory.get_buffer_ptr(self.store))
        if at > room:
            self.memory.grow(self.store, (at - room) // 65536 + 1)
        for name, value in (("as_of", as_of), ("households", 1), ("offsets", header["heap"]), ("exact", 0)):
            written.append((name, header[name], self.write(header[name], "i", value)))
        for name, value in (("asked", 0), ("needs", needs)):
            written.append((name, header[name], self.write(header[name], "i", value)))
        return written

    def call(self, name: str) -> None:
        self.exports[name](self.store)

    def values(self, role: str, name: str, members: int) -> list[tuple[int, ...]]:
        """The columns of an output."""
        one = next(one for one in self.manifest["outputs"] if (one["role"], one["id"]) == (role, name))
        count = members if one["level"] == "member" else 1
        columns = one["columns"]
        return [self.read(self.addresses[c["pointer"]], f"{count}{FORMATS[c['storage']]}") for c in columns]

    def missing(self, number: int, ids: list[str]) -> set[tuple[str, str | None]]:
        """What keeps a policy open."""
        said = self.manifest["needs"]
        names = [(name, None) for name in said["household"]] + [(n, one) for one in ids for n in said["member"]]
        (start,) = self.read(self.manifest["header"]["needs"], "i")
        flags = self.read(start + number * said["stride"], f"{len(names)}B")
        return {name for name, flag in zip(names, flags, strict=True) if flag}

    def fault(self) -> tuple[int, int]:
        """What `check` has left."""
        header = self.manifest["header"]
        return self.read(header["fault"], "i")[0], self.read(header["fault_at"], "i")[0]


HOSTS = {ruleset.id: Host(ruleset.compile()) for ruleset in (LESSON, SHIPPED)}


@pytest.mark.parametrize("ruleset", [LESSON, SHIPPED], ids=["lesson", "shipped"])
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
        assert host.missing(number, ids) == {(need.name, need.member) for need in needs}


@pytest.mark.parametrize("ruleset", [LESSON, SHIPPED], ids=["lesson", "shipped"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_value_out_of_range_is_found(ruleset: Ruleset, data: st.DataObject) -> None:
    host = HOSTS[ruleset.id]
    as_of = data.draw(as_of_dates(ruleset))
    read, day = ruleset.read(data.draw(households(ruleset, as_of)), as_of)
    placed = {name: (at, len(raw)) for name, at, raw in host.place(read, day)}
    columns = [(one, column) for one in host.manifest["inputs"] for column in one["columns"]]
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
            bits = 8 * struct.calcsize("<" + FORMATS[storage]) - 1
            near = [value for value in (low - 1, high + 1) if -(2**bits) <= value < 2**bits]
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


EXAMPLE = {"id": "h1", "on_allowance": True, "town": "东河镇", "members": [{"id": "m1", "birth_date": "1959"}]}


def example() -> str:
    """The worked example: what is written, and what is there after `run` and `missing`."""
    host = Host(LESSON.compile())
    read, day = LESSON.read(EXAMPLE, "2019-06-30")
    written = sorted(host.place(read, day), key=lambda one: one[1])
    pointers = [
        (f"→ {one['name']}.{column['part']}", column["pointer"], host.read(column["pointer"], "I")[0])
        for one in host.manifest["inputs"]
        for column in one["columns"]
    ]
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
        needs = sorted(host.missing(number, ["m1"]), key=str)
        names = ", ".join(name if member is None else f"{member}.{name}" for name, member in needs)
        lines.append(f"  {one['policy']}: {names or 'nothing'}")
    return "\n".join(lines) + "\n"


BLOCK = re.compile(r"(<!-- example -->\n```text\n)(.*?)(```)", re.DOTALL)


def test_the_example_of_the_page_is_real() -> None:
    block = BLOCK.search(PAGE.read_text(encoding="utf-8"))
    assert block is not None
    assert block[2] == example(), "run `python tests/evaluators/test_abi.py`"


def test_the_page_names_all_that_the_manifest_has() -> None:
    page = PAGE.read_text(encoding="utf-8")
    manifest = read_manifest(LESSON.compile())
    listed = ("outputs", "policies", "frames", "parameters")
    parts = {**manifest, **manifest["header"], **manifest["needs"], **manifest["facts"][2]}
    for name in listed:
        parts.update(manifest[name][0])
    assert [name for name in parts if f"`{name}`" not in page and f"header.{name}" not in page] == []
    assert f"version {manifest['abi']} " in page


def test_days_of_the_example() -> None:
    from datetime import date

    assert to_day(date(2019, 6, 30)) == 18077


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BLOCK.sub(lambda m: m[1] + example() + m[3], text), encoding="utf-8")
    sys.exit(0)
