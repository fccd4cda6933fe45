"""Random rules as somebody may run them: checks that warn or reject households, readings that are taken or left open.

In: nothing. Out: a strategy; a loaded ruleset. Called by the tests that compare hosts.
"""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.testing import rulesets

AsRun = tuple[dict[str, str], list[str]]
"""The files, and which readings are left open."""


@st.composite
def rules_as_run(draw: st.DrawFn, *, lists: bool = False) -> AsRun:
    """Any random rules, most with lists if these are asked for; of every other one checks reject, of every third
    readings are open."""
    files = draw(rulesets(lists=lists))
    if "checks.yaml" in files and draw(st.booleans()):
        files["checks.yaml"] = files["checks.yaml"].replace("severity: warn", "severity: reject")
    return files, draw(st.sampled_from([[], [], ["all"]]))


def loaded(folder: Path, rules: AsRun) -> Ruleset:
    """The rules, written to a folder and loaded."""
    files, open_readings = rules
    folder.mkdir(exist_ok=True)
    write_files(folder, files)
    return load(folder, cache=False, open_readings=open_readings)
