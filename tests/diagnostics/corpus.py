"""Rulesets, households, tables and commands with the message that is expected beside the guilty line.

A file of `cases/` holds many cases. A case is a name, what stands in the files, and what is said below the guilty line:

    --- units that differ [member]
    年龄 >= 60元
    #!      ^^^^ T203 单位不同：左边是 岁，右边是 元 / units differ: 岁 and 元

`#!` lines are taken out before anything is run. Under the carets stands the whole of what a diagnostic points at, in
the columns of a terminal (a Chinese sign takes two); `#!@1` gives the column where there is no room for a caret;
`#! @place` says it of what stands elsewhere. After ` → ` comes what is suggested. The run lists everything that
is reported, so nothing unexpected passes.

After the name, or after `+++` for a further part, stands what the lines below are:

- `member`, `household`: an expression, the value of a term of that level;
- `amount`: an expression, the amount of a household's policy;
- `facts`, `code_lists`, `lists`, `terms`, `parameters`, `departments`, `places`, `sources`, `policies`, `groups`,
  `targets`, `duties`, `readings`, `checks`: further entries of a ruleset, beside those of `base/`;
- `ruleset/NAME.yaml`: a whole file of the ruleset, in place of the one in `base/` if there is one;
- any other name of a file: that file, beside the ruleset (`one.json`, `户.csv`, `mapping.yaml`);
- `… | escaped`: the lines are written as a Python string, for bytes that no editor shows (`\\xff`, `\\t`), without an
  end of line; `… | filled N`: with blanks up to N bytes; `… | gone`: there is no such file of the base;
  `… | link`: it is a link to what is not there; `… | times N`: the lines are repeated;
- `… .xlsx | sheets`: a workbook, a line of YAML for each sheet: its rows, or `{rows: …, merged: [A2:A3], hidden: true,
  hidden_rows: [3]}`; a cell `0% 0.3` has that format of numbers, `=1+1` is a formula;
- `$`: each line a command of `fupin` with what it writes about problems (`eval one.json --as-of 2019-06-30`), run
  beside `ruleset/`; or a step that spoils what one wrote: `edit FILE OLD NEW`, `cut FILE LINE`, `join FILE OTHER`,
  `seal FILE LINE` (an entry of a record with its digests made anew); or `rejects FILE`, the rows that a run refused.

Without `$` the ruleset is checked. `python tests/diagnostics/corpus.py --update [FILE…]` writes what is said now into
the files of cases, to be read in the diff.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from what_is_said import Said, of_check, of_command

from fupin_policy.diagnostics.showing import width_of

HERE = Path(__file__).parent
BASE = HERE / "base"
CASES = HERE / "cases"
SAID = re.compile(r"#!.*?(?<![A-Z0-9])([A-Z]\d{3})(?: warning)? ")
_HEADS = {
    "member": "kind: terms\nterms:\n- name: trial\n  label: 试\n  for: member\n  value: |-\n",
    "household": "kind: terms\nterms:\n- name: trial\n  label: 试\n  for: household\n  value: |-\n",
    "amount": (
        "kind: policies\npolicies:\n- id: trial\n  title: {zh: 试, en: Trial}\n  for: household\n  versions:\n"
        "  - valid: 2019-01-01..\n    when: 享受低保\n    lead: [县民政局]\n    basis: [law 1]\n"
        "    benefit:\n      kind: cash\n      per: month\n      amount: |-\n"
    ),
    "code_lists": "kind: facts\ncode_lists:\n",
    "lists": "kind: facts\nlists:\n",
    "groups": "kind: policies\npolicies: []\ngroups:\n",
    **{
        kind: f"kind: {kind}\n{kind}:\n"
        for kind in (
            "facts",
            "terms",
            "parameters",
            "departments",
            "places",
            "sources",
            "policies",
            "targets",
            "duties",
            "readings",
            "audiences",
            "checks",
        )
    },
}
_INDENTS = {"member": 4, "household": 4, "amount": 8}


@dataclass(slots=True)
class Part:
    """Lines of one file, as the case shows them, and where the file puts them."""

    title: str
    lines: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What the lines are, without the way in which they are written."""
        return self.title.partition("|")[0].strip()

    @property
    def way(self) -> str:
        """How the file is made: `escaped`, `sheets`, `filled N`, `times N`, `gone`, `link`, or nothing said."""
        return self.title.partition("|")[2].strip()

    @property
    def file(self) -> str:
        """Where the lines go, seen from the case's folder."""
        return f"ruleset/~{self.kind}.yaml" if self.kind in _HEADS else self.kind

    @property
    def data(self) -> bytes:
        """What is written there."""
        if self.way == "escaped":
            return "".join(self.lines).encode("utf-8").decode("unicode_escape").encode("latin-1")
        indent = " " * self.indent
        way, _, number = self.way.partition(" ")
        lines = self.lines * int(number) if way == "times" else self.lines
        text = _HEADS.get(self.kind, "") + "".join(f"{indent}{line}\n" for line in lines)
        return text.encode("utf-8").ljust(int(number) if way == "filled" else 0, b" ")

    @property
    def indent(self) -> int:
        """How far the file moves the lines to the right."""
        return _INDENTS.get(self.kind, 0)

    @property
    def lined(self) -> bool:
        """Whether the lines that are shown are those of the file."""
        return self.way not in ("escaped", "sheets")

    def at(self, number: int) -> str:
        """How the place of one of the lines begins."""
        return f"{self.file}:{self.above + number + 1}:"

    @property
    def above(self) -> int:
        """How many lines the file puts before."""
        return _HEADS.get(self.kind, "").count("\n")


@dataclass(slots=True)
class Case:
    """A name and its parts; `written` is all of it as it stands in the file, with what is expected."""

    name: str
    short: str | None
    parts: list[Part] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


def read(path: Path) -> tuple[str, list[Case]]:
    """The head of a file and its cases."""
    head, *texts = re.split(r"^--- ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return head, [_case(text.rstrip("\n").split("\n")) for text in texts]


def _case(lines: list[str]) -> Case:
    title = re.fullmatch(r"(.*?)(?: \[(.*)\])?", lines[0])
    assert title is not None
    case = Case(title[1], title[2], written=[f"--- {lines[0]}", *lines[1:]])
    if case.short is not None:
        case.parts.append(Part(case.short))
    for line in lines[1:]:
        if line.startswith("+++ "):
            case.parts.append(Part(line[4:]))
        elif not line.startswith("#!"):
            case.parts[-1].lines.append(line)
    return case


def told(case: Case) -> list[str]:
    """The case as it should be written: its lines, each with what is said of it now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        shutil.copytree(BASE, folder / "ruleset")
        for part in case.parts:
            _write(folder / part.file, part)
        if not any(part.kind == "$" for part in case.parts):
            return _written(case, {}, of_check(folder))
        commands = [(part, number) for part in case.parts if part.kind == "$" for number in range(len(part.lines))]
        ran = {(id(part), number): of_command(folder, part.lines[number]) for part, number in commands}
        return _written(case, ran, [said for found, _ in ran.values() for said in found])


def _write(path: Path, part: Part) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    match part.way:
        case _ if part.kind == "$":
            pass
        case "gone":
            path.unlink()
        case "link":
            path.symlink_to("nowhere")
        case "sheets":
            _workbook("\n".join(part.lines)).save(path)
        case _:
            path.write_bytes(part.data)


def _workbook(text: str) -> Any:
    """The workbook that a part describes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, said in yaml.safe_load(text).items():
        sheet = book.create_sheet(name)
        more = said if isinstance(said, dict) else {"rows": said}
        for row, values in enumerate(more["rows"], 1):
            for column, value in enumerate(values, 1):
                form, _, number = value.rpartition(" ") if isinstance(value, str) else ("", "", value)
                cell = sheet.cell(row, column, float(number) if form.startswith("0") else value)
                cell.number_format = form if form.startswith("0") else "General"
        for block in more.get("merged", ()):
            sheet.merge_cells(block)
        for row in more.get("hidden_rows", ()):
            sheet.row_dimensions[row].hidden = True
        sheet.sheet_state = "hidden" if more.get("hidden") else "visible"
    return book


def _written(case: Case, ran: dict[tuple[int, int], tuple[list[Said], list[str]]], said: list[Said]) -> list[str]:
    """The case's lines; what is said of none of them stands below its command, or at the end."""
    shown = {part.at(number) for part in case.parts for number in range(len(part.lines)) if part.lined}
    lines = [f"--- {case.name}" + (f" [{case.short}]" if case.short is not None else "")]
    for index, part in enumerate(case.parts):
        if index or case.short is None:
            lines.append(f"+++ {part.title}")
        for number, line in enumerate(part.lines):
            lines.append(line)
            if part.kind == "$":
                found, ending = ran[(id(part), number)]
                lines += [*ending, *_apart(found, shown)]
            elif part.lined:
                here = part.at(number)
                own = [one for one in said if one.place.startswith(here)]
                lines += [_beside(line, one, one.place[len(here) :], part.indent) for one in own]
    return lines if ran else [*lines, *_apart(said, shown)]


def _apart(said: list[Said], shown: set[str]) -> list[str]:
    return [f"#! @{one.place} {one.text}" for one in said if not one.place.startswith(tuple(shown))]


def _beside(line: str, said: Said, at: str, indent: int) -> str:
    if not at.isdecimal():
        return f"#! @{at} {said.text}"
    column = int(at)
    before = width_of(line[: max(0, column - 1 - indent)])
    if before < 2:
        return f"#!@{column} {said.text}"
    return f"#!{' ' * (before - 2)}{'^' * max(1, said.width)} {said.text}"


def every() -> Iterator[tuple[str, Case]]:
    """All cases, each with the name of its file."""
    for path in sorted(CASES.glob("*.txt")):
        for case in read(path)[1]:
            yield path.stem, case


def codes(lines: list[str]) -> set[str]:
    """The codes that are named beside lines."""
    return {found[1] for line in lines if (found := SAID.match(line)) is not None}


def update(paths: list[Path]) -> None:
    """Write into the files what is said now."""
    for path in paths or sorted(CASES.glob("*.txt")):
        head, cases = read(path)
        blocks = ["\n".join(told(case)) for case in cases]
        path.write_text("\n\n".join([head.rstrip("\n"), *blocks] if head.strip() else blocks) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] != ["--update"]:
        sys.exit(__doc__)
    update([Path(name).resolve() for name in sys.argv[2:]])
