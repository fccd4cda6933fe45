"""Files of a folder, written from their texts.

In: a folder that there is, texts by file name. Out: the files. Called by tests whose rulesets are drawn or made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write each file."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
