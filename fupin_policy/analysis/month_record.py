"""The record of a county's month: which rules, which data, which result, after which month; and its verification.

In: what a month was made of; later the month's folder. Out: a file of JSON; diagnostics for what differs.
Called by the command line. Each record has the hash of the month's before, so months form a chain as the entries of
decision records do. What is filled in by people, the lists, has no digest in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fupin_policy.analysis.audit import START, Verified, digest
from fupin_policy.diagnostics import Diagnostic, InputError
from fupin_policy.ruleset import Ruleset, day_of

RECORD = "记录.json"
"""The record's name in a month's folder."""
_LARGEST = 1 << 26
_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "as_of": str,
    "ruleset": dict,
    "trial": list,
    "options": dict,
    "inputs": list,
    "previous": str,
    "previous_folder": (str, type(None)),
    "totals": dict,
    "files": dict,
    "hash": str,
}


def file_digest(path: Path) -> str:
    """`sha256:…` of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def write_record(
    folder: Path,
    ruleset: Ruleset,
    as_of: str,
    *,
    options: Mapping[str, Any],
    inputs: Iterable[Mapping[str, Any]],
    previous: Path | None,
    totals: Mapping[str, Any],
    files: Iterable[Path],
) -> dict[str, Any]:
    """Write the record of the month in a folder, after that of the folder `previous`; its `files` by their digests.

    Raises InputError where `previous` has no whole record, and OSError.
    """
    rules = [{"below": below, "file": name, "sha256": sha256} for below, name, sha256 in ruleset.program.files]
    content = {
        "as_of": day_of(ruleset.program, as_of).isoformat(),
        "ruleset": {"id": ruleset.id, "digest": ruleset.digest, "files": rules},
        "trial": list(ruleset.program.trial),
        "options": dict(options),
        "inputs": [dict(one) for one in inputs],
        "previous": START if previous is None else read_record(previous)["hash"],
        "previous_folder": None if previous is None else previous.resolve().name,
        "totals": dict(totals),
        "files": {one.relative_to(folder).as_posix(): file_digest(one) for one in sorted(files)},
    }
    made = {**content, "hash": digest(content)}
    text = json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / RECORD).write_text(f"{text}\n", encoding="utf-8")
    return made


def read_record(folder: Path) -> dict[str, Any]:
    """A month's record. Raises InputError where there is none, or it was altered."""
    found = _parsed(folder / RECORD)
    if found is None:
        raise InputError.of("A113", str(folder), folder=folder, file=RECORD)
    return found


def month_records(parent: Path) -> dict[Path, dict[str, Any]]:
    """The records of all months beside one another in a folder, by their folders."""
    folders = sorted(one for one in parent.iterdir() if one.is_dir()) if parent.is_dir() else []
    found = ((folder, _parsed(folder / RECORD)) for folder in folders)
    return {folder: record for folder, record in found if record is not None}


def _parsed(path: Path) -> dict[str, Any] | None:
    """A record, if it is just as it was written."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        found = json.loads(path.read_bytes())
        content = {key: value for key, value in found.items() if key != "hash"} if isinstance(found, dict) else {}
        whole = bool(content) and set(found) == set(_KEYS) and digest(content) == found["hash"]
    except (OSError, ValueError, RecursionError):
        return None
    return found if whole and all(isinstance(found[key], kind) for key, kind in _KEYS.items()) else None


def verify_month(folder: Path, ruleset: Ruleset, head: str | None = None) -> Verified:
    """A month's record, its files, and the months before it that stand beside it; `head` is its hash as kept elsewhere.

    Nothing is decided anew: that is done by the same command with the data of the month. Raises OSError.
    """
    found = _parsed(folder / RECORD)
    if found is None:
        return Verified(0, START, (Diagnostic.of("A113", str(folder), folder=folder, file=RECORD),))
    own = found["ruleset"]
    if (own.get("id"), own.get("digest")) != (ruleset.id, ruleset.digest):
        problem = Diagnostic.of("A106", str(folder), found=str(own.get("digest")), wanted=ruleset.digest)
        return Verified(0, found["hash"], (problem,))
    if head is not None and head != found["hash"]:
        return Verified(0, found["hash"], (Diagnostic.of("A108", str(folder), found=found["hash"], wanted=head),))
    last, months, where = found["hash"], 0, folder.resolve()
    while True:
        if problems := changed_files(where, found["files"]):
            return Verified(months, last, tuple(problems))
        months, name = months + 1, found["previous_folder"]
        before = None if name is None else where.parent / Path(name).name
        if before is None or not before.is_dir():
            return Verified(months, last, ())
        earlier = _parsed(before / RECORD)
        if earlier is None or earlier["hash"] != found["previous"]:
            return Verified(months, last, (Diagnostic.of("A115", str(before), folder=name),))
        where, found = before, earlier


def changed_files(folder: Path, files: Mapping[str, Any]) -> list[Diagnostic]:
    """The files of a month that are not as its record says, as problems."""
    places = {name: folder / Path(name) for name in files}
    return [
        Diagnostic.of("A114", str(path), file=name)
        for name, path in places.items()
        if not path.is_file() or file_digest(path) != files[name]
    ]
