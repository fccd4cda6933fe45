"""ES modules as one classic script: browsers load no modules of a page that is opened from a disk.

In: the first module, and where the packages are that it names. Out: JavaScript, always the same of the same modules.
Called by `calculator`. Modules are those of this repository, which import and export by statements of their own lines;
whatever else is refused, so that nothing is bundled wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_IMPORT = re.compile(r'^import (?:\{([^}]*)\}|\* as (\w+)) from "([^"]+)";\n', re.MULTILINE)
_SENT_ON = re.compile(r'^export \{([^}]*)\}(?: from "([^"]+)")?;\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*? |class |const )(\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*\n", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_ENDS_SCRIPT = re.compile(r"</script|<!--", re.IGNORECASE)


def classic_script(first: Path, packages: Mapping[str, Path]) -> str:
    """One script with the first module and all that it imports, each once and after what it rests on.

    Raises ValueError for what cannot be joined in this way, OSError.
    """
    bundle = _Bundle(packages)
    bundle.add(first.resolve(), ())
    script = "\n".join(['"use strict";', "(() => {", *bundle.parts, "})();", ""])
    if found := _ENDS_SCRIPT.search(script):
        raise ValueError(f"a script in a page cannot hold {found[0]}")
    return script


class _Bundle:
    """The modules that have been joined so far."""

    def __init__(self, packages: Mapping[str, Path]) -> None:
        self.parts = list[str]()
        self._packages = packages
        self._names = dict[Path, str]()

    def add(self, path: Path, above: tuple[Path, ...]) -> str:
        """The name of a module, which is joined, too, if it was not before."""
        if path in above:
            raise ValueError(f"modules import one another: {path.name}")
        if path not in self._names:
            part = self._joined(path, (*above, path))
            self._names[path] = f"module{len(self._names)}"
            self.parts.append(f"const {self._names[path]} = {part}")
        return self._names[path]

    def _joined(self, path: Path, above: tuple[Path, ...]) -> str:
        text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
        exported = dict[str, str]()
        for names, source in _SENT_ON.findall(text):
            home = f"{self.add(self._path(path, source), above)}." if source else ""
            exported |= {new: f"{home}{old}" for old, new in _renamed(names)}
        exported |= {name: name for _, name in _EXPORT.findall(text)}

        def bound(found: re.Match[str]) -> str:
            names, whole, source = found.groups()
            home = self.add(self._path(path, source), above)
            if whole:
                return f"const {whole} = {home};\n"
            return f"const {{ {', '.join(f'{old}: {new}' for old, new in _renamed(names))} }} = {home};\n"

        text = _EXPORT.sub(r"\1\2", _SENT_ON.sub("", _IMPORT.sub(bound, text)))
        if left := _LEFT.search(text):
            raise ValueError(f"{path.name}: {left[0]}")
        out = ", ".join(f"{name}: {value}" for name, value in exported.items())
        return f"(() => {{\n{text}return {{ {out} }};\n}})();"

    def _path(self, path: Path, source: str) -> Path:
        return self._packages[source] if source in self._packages else (path.parent / source).resolve()


def _renamed(names: str) -> list[tuple[str, str]]:
    """What stands in the braces of an import or export: names, and what they become."""
    pairs = (one.split(" as ") for one in map(str.strip, names.split(",")) if one)
    return [(pair[0], pair[-1]) for pair in pairs]
