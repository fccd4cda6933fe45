"""Compiled modules that somebody changed, for Python and for JavaScript.

In: an empty folder and chance. Out: a `Case`. Called by `fuzz_readers`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

from fuzz_case import LESSON, ROOT, Case
from fuzz_mutations import bytes_mutated


@cache
def _artifact() -> bytes:
    from fupin_policy import load

    return load(LESSON).compile()


def _artifacts(chance: Random) -> Iterator[tuple[bytes, bool]]:
    """Changed modules; whether the checksum was made to fit."""
    from fupin_policy.evaluators.wasm.checksum import LENGTH, with_checksum

    while True:
        if chance.random() < 0.5:
            yield bytes_mutated(_artifact(), chance), False
        else:
            yield with_checksum(bytes_mutated(_artifact()[:-LENGTH], chance)), True


def wasm(folder: Path, chance: Random) -> Case:
    """Modules, whose checksum may have been made to fit: refused by Python, or read."""
    from fupin_policy.diagnostics import FupinError
    from fupin_policy.evaluators.wasm import read_manifest

    def holds(code: int, said: str) -> str | None:
        for _, (changed, fits) in zip(range(20), _artifacts(chance), strict=False):
            try:
                read_manifest(changed)
            except FupinError:
                continue
            if not fits and changed != _artifact():
                return "a changed module was read"
        return None

    return Case(["check", str(LESSON)], holds=holds)


_NODE = """
import { readFileSync } from "node:fs";
import { load } from "%s";
const household = { id: 1, 享受低保: true, 医疗费用: 7000, members: [{ id: 1, 出生日期: "1938-05-01" }] };
for (const path of process.argv.slice(2)) {
  try {
    const ruleset = await load(readFileSync(path));
    if (!path.includes("fits")) console.log(`${path}: a changed module was loaded`);
    ruleset.evaluate(household, "2019-06-30");
  } catch (error) {
    if (!(error instanceof Error)) console.log(`${path}: ${error}`);
  }
}
"""


def wasm_javascript(folder: Path, chance: Random) -> Case:
    """The same for JavaScript: an Error, not a hang; and never a changed one without a checksum that fits."""
    paths = []
    for number, (changed, fits) in zip(range(20), _artifacts(chance), strict=False):
        if changed != _artifact():
            paths.append(folder / f"{number}{'fits' if fits else ''}.wasm")
            paths[-1].write_bytes(changed)
    (folder / "load.mjs").write_text(_NODE % (ROOT / "hosts" / "js" / "src" / "index.js").as_uri(), encoding="utf-8")

    def holds(code: int, said: str) -> str | None:
        done = subprocess.run(["node", folder / "load.mjs", *paths], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr if done.returncode or done.stdout else None

    return Case(["check", str(LESSON)], holds=holds)
