"""The files of a ruleset's folder, read once: regular files only, and no more of them than a ruleset can need.

In: a folder, or a path. Out: bytes. Called by `documents`, `ruleset` and its cache, and wherever settings are read.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 4 * 1024 * 1024
MAX_IN_ALL = 64 * 1024 * 1024
MAX_FILES = 5_000
_EXTENDS = re.compile(r"""(?:extends|继承)["']?[ \t]*(?::|：|#|\r|\n)""".encode())
"""The word where it may be a key: its colon follows at once, or stands in a line below."""


@dataclass(frozen=True, slots=True)
class RulesetFile:
    """One YAML file: `name` is its path within the folder, `data` is None where it cannot be read.

    Of a file that is too large, `data` has one byte more than is allowed.
    """

    path: Path
    name: str
    data: bytes | None

    @property
    def maybe_extends(self) -> bool:
        """Whether it has the key in it by which a ruleset says that it extends another."""
        return _EXTENDS.search(self.data or b"") is not None


@dataclass(frozen=True, slots=True)
class RulesetFiles:
    """The YAML files of a folder, by their names; none of them where there are `too_many`, or too much in them.

    `base` are the files of the ruleset that they extend; `settings` are values to be tried, as `参数.X=150`.
    """

    folder: Path
    files: tuple[RulesetFile, ...]
    too_many: bool = False
    base: RulesetFiles | None = None
    settings: tuple[str, ...] = ()

    @property
    def layers(self) -> tuple[RulesetFiles, ...]:
        """These files and all that they rest on, the base of all first."""
        return (*(() if self.base is None else self.base.layers), self)

    @property
    def maybe_extends(self) -> bool:
        """Whether they may extend another ruleset: what is certain is known when they have been parsed."""
        return any(file.maybe_extends for file in self.files)


def paths_of(folder: Path) -> list[Path]:
    """The YAML files of a ruleset, in the order of their paths within it."""
    found = (path for path in folder.rglob("*.yaml") if not path.is_dir())
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def read_files(folder: Path) -> RulesetFiles:
    """What stands in the YAML files of a folder; nothing where there is no such folder."""
    paths = paths_of(folder) if folder.is_dir() else []
    read: list[RulesetFile] = []
    left = MAX_IN_ALL
    for path in paths:
        data = bytes_of(path)
        left -= len(data or b"")
        if left < 0 or len(read) == MAX_FILES:
            return RulesetFiles(folder, (), too_many=True)
        read.append(RulesetFile(path, path.relative_to(folder).as_posix(), data))
    return RulesetFiles(folder, tuple(read))


def bytes_of(path: Path, most: int = MAX_BYTES) -> bytes | None:
    """What is in a regular file, one byte more than `most` where it is larger.

    None for what cannot be read and for what is no regular file: a pipe would never end, nor would a device.
    """
    try:
        # a pipe that nobody writes into must not keep us waiting
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(most + 1)
    except OSError:
        return None
    finally:
        os.close(handle)
