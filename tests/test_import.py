"""`import fupin_policy` waits for nothing; each name of it is there when it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fupin_policy

HEAVY = ("wasmtime", "lark", "yaml", "jsonschema", "numpy", "pyarrow", "duckdb", "z3", "pandas", "matplotlib")


def test_nothing_heavy_is_imported() -> None:
    asked = f"import sys, fupin_policy; print([one for one in {HEAVY!r} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_loading_needs_nothing_of_an_extra() -> None:
    heavy = HEAVY[4:]
    asked = f"import sys; from fupin_policy import load; print([one for one in {heavy!r} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_rooms_are_there_without_an_import_of_their_own() -> None:
    asked = "import fupin_policy; print(fupin_policy.ruleset.load is fupin_policy.load)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_every_name_is_there() -> None:
    listed = {name: room for room, names in fupin_policy._ROOMS.items() for name in names}
    assert sorted(listed) == fupin_policy.__all__ and set(fupin_policy.__all__) <= set(dir(fupin_policy))
    for name in fupin_policy.__all__:
        assert getattr(fupin_policy, name).__module__.startswith("fupin_policy.")
    assert not hasattr(fupin_policy, "lod")


def test_a_kept_ruleset_is_loaded_without_what_reads_checks_and_explains() -> None:
    """By names of the rooms, as each of them takes as long as a good part of the whole."""
    lesson = str(Path(__file__).parents[1] / "docs/examples/lesson")
    fupin_policy.load(lesson)
    apart = ("yaml", "lark", *(f"fupin_policy.{room}" for room in ("check", "documents", "explanation", "language")))
    asked = f"import sys; from fupin_policy import load; load({lesson!r}); print({{*{apart!r}}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
