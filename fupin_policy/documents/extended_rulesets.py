"""The ruleset that another extends: its files read too, and so on down to one that extends none.

In: the files of a folder. Out: the same with their `base`, or diagnostics at the line that names it.
Called by `documents` and `ruleset`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fupin_policy.diagnostics import Reporter
from fupin_policy.documents.mended_nodes import kind_of
from fupin_policy.documents.parts import TextDoc
from fupin_policy.documents.reader import YamlMapping, YamlScalar, read_node
from fupin_policy.documents.words import CHOICES, KEYS
from fupin_policy.files.addresses import is_address
from fupin_policy.files.bounded import RulesetFiles, read_files
from fupin_policy.files.shipped import shipped

MAX_DEEP = 8
SHIPPED = "shipped"
"""How the ruleset is named that comes with the package."""


_Read = Callable[[Path], RulesetFiles]


def with_bases(files: RulesetFiles, reporter: Reporter, read: _Read = read_files) -> RulesetFiles:
    """Files with those of the ruleset that they extend, as `read` has them of its folder.

    Raises RulesetError where that cannot be read.
    """
    return _with_bases(files, reporter, (Path(os.path.realpath(files.folder)),), read)


def population_of(folder: Path) -> Path:
    """The population file of a ruleset: its own, or that of the nearest ruleset that it extends."""
    layers = with_bases(read_files(folder), Reporter()).layers
    paths = [layer.folder / "population" / "population.yaml" for layer in reversed(layers)]
    return next((path for path in paths if path.exists()), paths[0])


def _with_bases(files: RulesetFiles, reporter: Reporter, seen: tuple[Path, ...], read: _Read) -> RulesetFiles:
    named = _extended(files)
    if named is None:
        return files
    folder = _base_folder(files.folder, named.text)
    if is_address(named.text) or not os.path.isdir(folder):
        reporter.report("Y128", named.span, folder=named.text)
    elif folder in seen:
        reporter.report("Y129", named.span, folder=named.text)
    elif any(folder.is_relative_to(other) or other.is_relative_to(folder) for other in seen):
        reporter.report("Y130", named.span, folder=named.text)
    elif len(seen) > MAX_DEEP:
        reporter.report("Y131", named.span, most=MAX_DEEP)
    reporter.raise_errors()
    base = read(_shown(folder))
    if not base.files:
        reporter.report("Y128", named.span, folder=named.text)
    reporter.raise_errors()
    return replace(files, base=_with_bases(base, reporter, (*seen, folder), read))


def _extended(files: RulesetFiles) -> TextDoc | None:
    """What some files say that they extend, and where; None where they stand alone."""
    if not files.maybe_extends:
        return None
    # the outermost, where a folder holds another ruleset by mistake
    for file in sorted(files.files, key=lambda file: file.name.count("/")):
        shown = file.path.as_posix().encode("utf-8", "replace").decode()
        # what is wrong in a file is reported where all of them are read
        node = None if file.data is None or not file.maybe_extends else read_node(shown, file.data, Reporter())
        kind = kind_of(node) if isinstance(node, YamlMapping) else None
        if isinstance(node, YamlMapping) and kind is not None and kind.text == "ruleset":
            for key, value in node.entries:
                if key.text in ("extends", *KEYS["extends"]) and isinstance(value, YamlScalar) and value.text.strip():
                    return TextDoc(value.text.strip(), value.span)
    return None


def extended_folder(folder: Path) -> Path | None:
    """The folder that the ruleset in a folder extends, whether or not it is there; None where it stands alone."""
    named = _extended(read_files(folder))
    return None if named is None else _shown(_base_folder(folder, named.text))


def _base_folder(folder: Path, named: str) -> Path:
    """The folder that `extends` means, in a ruleset's folder, links followed."""
    if named in (SHIPPED, *CHOICES[SHIPPED]):
        return shipped("policies/anqiu").resolve()
    # of a link that leads to itself, or a name that no system has, this makes no error
    return Path(os.path.realpath(folder / named.replace("\0", "�")))


def _shown(folder: Path) -> Path:
    """A folder by the shorter way to it, as it is shown in diagnostics."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
