"""What the check of a ruleset, and commands, say about problems.

In: a case's folder, a command's line. Out: `Said`s. Called by `corpus`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reject_rows import reject_rows

from fupin_policy.analysis.audit import canonical, digest
from fupin_policy.cli.main import main as fupin
from fupin_policy.diagnostics import Diagnostic, Reporter, RulesetError, locate
from fupin_policy.diagnostics.messages import table
from fupin_policy.diagnostics.showing import width_of
from fupin_policy.ruleset import check_folder

_RENDERED = re.compile(
    r"^(?:(?P<input>.+:\d+)\n)?(?P<severity>错误|警告) (?P<code>[A-Z]\d{3})  (?P<zh>.*)\n"
    r"(?:error|warning) [A-Z]\d{3}  (?P<en>.*)\n  --> (?P<place>.*)\n"
    r"(?:.*\|.*\n.*\|.*\n *\| *(?P<carets>\^+)\n)?(?: = 建议 / help: (?P<advice>.*))?",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One diagnostic: where (a file with line and column from 1, or another place), how many columns, the words."""

    place: str
    width: int
    text: str


def of_check(folder: Path) -> list[Said]:
    """What the check of the ruleset says."""
    reporter = Reporter()
    try:
        check_folder(folder / "ruleset", reporter)
    except RulesetError as error:
        return [of_diagnostic(one, folder) for one in error.diagnostics]
    return [of_diagnostic(one, folder) for one in reporter.warnings]


def of_diagnostic(one: Diagnostic, folder: Path) -> Said:
    width = 1
    if one.span is not None:
        position = locate(one.span.source, one.span.start)
        line = one.span.source.text.split("\n")[position.line - 1].rstrip("\r")
        start = position.column - 1
        width = width_of(line[start : max(start + 1, start + one.span.end - one.span.start)])
    shown = one.suggestion is not None or "{" in "".join(table()[one.code][2:])
    advice = f"{one.advice('zh')} / {one.advice('en')}" if shown else ""
    return _plain(
        one.place, width, one.code, one.severity == "warning", one.sentence("zh"), one.sentence("en"), advice, folder
    )


def _plain(place: str, width: int, code: str, warning: bool, zh: str, en: str, advice: str, folder: Path) -> Said:
    """A diagnostic without what differs from one machine, or one version of the base, to another."""
    text = f"{code}{' warning' if warning else ''} {zh} / {en}" + (f" → {advice}" if advice else "")
    text = re.sub(r"\b[0-9a-f]{64}\b", "…", text.replace(f"{folder.as_posix()}/", "").replace(folder.as_posix(), "."))
    return Said(place.replace(f"{folder.as_posix()}/", ""), width, text)


def of_command(folder: Path, line: str) -> tuple[list[Said], list[str]]:
    """What a command says about problems, and the line that tells how it ended."""
    words = shlex.split(line)
    match words:
        case ["edit" | "cut" | "join" | "seal", name, *how]:
            path = folder / name
            path.write_text(_spoilt(path.read_text(encoding="utf-8"), words[0], how, folder), encoding="utf-8")
            return [], []
        case ["rejects", name]:
            return (list(_refused(folder / name)), []) if (folder / name).exists() else ([], ["#! no such file"])
    out, err, before = io.StringIO(), io.StringIO(), os.getcwd()
    os.chdir(folder)
    try:
        code: object
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = fupin(words if "--ruleset" in words else [words[0], "--ruleset", "ruleset", *words[1:]])
    except SystemExit as stopped:
        code = stopped.code
    except Exception as error:
        code = f"never: {type(error).__name__}"
    finally:
        os.chdir(before)
    found = [
        _plain(
            one["place"] if one["input"] is None else f"{one['input']}:{one['place']}",
            len(one["carets"] or "^"),
            one["code"],
            one["severity"] == "警告",
            one["zh"],
            one["en"],
            one["advice"] if _telling(one["code"], one["advice"] or "") else "",
            folder,
        )
        for one in _RENDERED.finditer(err.getvalue())
    ]
    notes = [_note(line.removeprefix("注意 ")) for line in err.getvalue().splitlines() if line.startswith("注意 ")]
    return [*found, *notes], [f"#! exit {code}"]


def _note(text: str) -> Said:
    """What is told besides, without a code: that of the message whose sentence begins it."""
    for code, message in table().items():
        if re.match(re.sub(r"\\\{\w+\\\}", ".*", re.escape(message.zh)) + "；", text):
            return Said("-", 1, f"{code} {text}")
    raise AssertionError(text)


def _spoilt(text: str, step: str, how: list[str], folder: Path) -> str:
    """The text of a file after a step."""
    lines = text.split("\n")
    match step, how:
        case "edit", [old, new]:
            assert old in text, f"{old} is not in the file"
            return text.replace(old, new, 1)
        case "cut", [number]:
            del lines[int(number) - 1]
        case "join", [other]:
            return text + (folder / other).read_text(encoding="utf-8")
        case "seal", [number]:
            entry = json.loads(lines[int(number) - 1])
            entry["input"]["digest"] = digest(entry["input"]["household"])
            entry["hash"] = digest({key: value for key, value in entry.items() if key != "hash"})
            lines[int(number) - 1] = canonical(entry).decode("utf-8")
        case _:
            raise AssertionError(step)
    return "\n".join(lines)


def _refused(path: Path) -> Iterator[Said]:
    """The rows of a file of rejects, each at its place in the tables."""
    for row in reject_rows(path):
        place = f"{row['file']}:{row['row']}:{row['column'] or '-'}"
        yield Said(place, 1, f"{row['code']} {row['zh']} / {row['en']}")


def _telling(code: str, advice: str) -> bool:
    return advice.startswith("是否想写") or "{" in "".join(table()[code][2:])
