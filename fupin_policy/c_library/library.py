"""A compiled ruleset as a C library: one header, one source, and a program that decides a file of households.

In: a module's bytes. Out: `{file name: text}`. Called by `cli.rulesets`.
The texts in `hosts/c` are written for a ruleset named `anqiu`, a file for each part. Here they are joined, and get
their tables and the ruleset's name.
"""

from __future__ import annotations

import re

from fupin_policy.c_library import tables
from fupin_policy.c_library.enums import enums
from fupin_policy.c_library.notation import notation
from fupin_policy.c_library.rule_tables import rule_tables
from fupin_policy.c_library.spelling import prefix
from fupin_policy.c_library.translation import globals_in, translate
from fupin_policy.evaluators.wasm import data_of, read_manifest
from fupin_policy.files.shipped import shipped

TEXTS = shipped("hosts/c")
"""The texts that are filled in."""

_LIBRARY = (
    "rules",
    "subjects",
    "values",
    "lists",
    "households",
    "decisions",
    "departments",
    "missing",
    "figures",
    "assumed",
    "names",
    "firstdays",
)
_PROGRAM = (
    "head",
    "writing",
    "json",
    "texts",
    "values",
    "periods",
    "facts",
    "numbers",
    "lists",
    "households",
    "decisions",
    "figures",
    "program",
)
SOURCES = {
    "library.h": ("library.h",),
    "library.c": tuple(f"library/{part}.c" for part in _LIBRARY),
    "decide.c": tuple(f"decide/{part}.c" for part in _PROGRAM),
}
"""Each text, and the files that it is joined of."""

_NAME = re.compile(r"\banqiu(?=[_.])")
_CONSTANT = re.compile(r"\bANQIU_")


def c_library(wasm: bytes) -> dict[str, str]:
    """The files for a C compiler: `ID.h`, `ID.c`, `decide.c`.

    Raises FupinError where wasm2c does not serve.
    """
    manifest = read_manifest(wasm)
    name, functions = prefix(manifest["ruleset"]), translate(wasm, ("run", "missing"))
    parts = {
        "title": tables.title(manifest),
        "constants": tables.constants(manifest, globals_in(functions)),
        "enums": enums(manifest),
        "tables": tables.tables(manifest) + tables.data(data_of(wasm)) + tables.needs(manifest) + rule_tables(manifest),
        "notation": notation(),
        "functions": functions,
    }
    files = {f"{name}.h": "library.h", f"{name}.c": "library.c", "decide.c": "decide.c"}
    return {file: _filled(text_of(text), parts, name) for file, text in files.items()}


def text_of(name: str) -> str:
    """One of the three texts of `SOURCES`, whole, with the places that are filled in."""
    return "\n".join((TEXTS / part).read_text(encoding="utf-8") for part in SOURCES[name])


def _filled(text: str, parts: dict[str, str], name: str) -> str:
    for part, found in parts.items():
        text = text.replace(f"/*@{part}*/", found, 1)
    return _CONSTANT.sub(f"{name.upper()}_", _NAME.sub(name, text))
