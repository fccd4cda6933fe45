"""The first ten minutes of the guide, from the wheel in a new virtual environment outside the repository."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_walks import STEPS, somewhere, walked, walks

from fupin_policy.editor.schemas import every_kind

ROOT = Path(__file__).parents[2]


def run(*command: str | Path) -> str:
    """What a command writes on both streams; it must go well."""
    done = subprocess.run(
        [str(one) for one in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8"
    )
    return done.stdout + done.stderr


@pytest.mark.long
def test_the_first_minutes_are_the_same_from_the_wheel(tmp_path: Path) -> None:
    said = run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    needed = [f"documents/schemas/{kind}.json" for kind in every_kind()]
    needed += [f"documents/templates/规则/{kind}.yaml" for kind in ("ruleset", "facts", "policies")]
    needed += ["documents/templates/先读这里.md", "docs/examples/lesson/policies.yaml", "docs/examples/household.json"]
    assert [one for one in needed if f"fupin_policy/{one}" not in names] == [], said
    environment = tmp_path / "venv"
    run(sys.executable, "-m", "venv", environment)
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    said = run(programs / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", wheel)
    assert (programs / "fupin").exists() or (programs / "fupin.exe").exists(), said

    def real(command: str) -> str:
        words = shlex.split(command)
        if words[0] != "fupin":
            return "".join(f"{line}\n" for line in STEPS[words[0]](*words[1:]))
        lines = run(programs / "fupin", *words[1:]).splitlines()
        told = (re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", line) for line in lines if line)
        return "".join(f"{line.rstrip()}\n" for line in told)

    for name in ("first", "first_en"):
        blocks, _ = walks()[name]
        with somewhere():
            for block in blocks:
                assert walked(block, real) == block
