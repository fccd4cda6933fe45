"""The kept form of a ruleset: one reader of files, nothing that another may have written, nothing broken is trusted."""

from __future__ import annotations

import copy
import os
import pickle
import shutil
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from fupin_policy.check import files
from fupin_policy.diagnostics import RulesetError
from fupin_policy.evaluators import cache
from fupin_policy.evaluators.cache import MAX_ENTRIES, cache_folder
from fupin_policy.files.bounded import MAX_BYTES, bytes_of, read_files
from fupin_policy.ruleset import Ruleset, check_folder, load

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
HOUSEHOLD = {"id": "h", "members": [{"id": "m", "出生日期": "1950-01-01"}]}

posix = pytest.mark.skipif(os.name != "posix", reason="pipes, owners and modes are otherwise there")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of the cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches" / "fupin_policy"


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LESSON, tmp_path / "lesson"))


def entry(kept: Path) -> Path:
    (found,) = kept.iterdir()
    return found


def compiled_anew(monkeypatch: pytest.MonkeyPatch, folder: Path) -> bool:
    """Whether loading a folder compiles it; what is loaded decides either way."""
    compiled: list[int] = []
    checked = files.check_files
    with monkeypatch.context() as patch:

        def noted(found: Any) -> Any:
            compiled.append(1)
            return checked(found)

        patch.setattr(files, "check_files", noted)
        found = load(folder)
    assert found.evaluate(HOUSEHOLD, "2019-06-30").decisions
    return bool(compiled)


@posix
@pytest.mark.fault("C1")
@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("what", ["pipe", "device", "huge", "folder_of_pipes"])
def test_what_is_no_regular_file_of_bounded_size_is_refused_at_once(
    lesson: Path, kept: Path, what: str, cached: bool
) -> None:
    odd = lesson / "odd.yaml"
    if what == "pipe":
        os.mkfifo(odd)
    elif what == "device":
        odd.symlink_to("/dev/zero")
    elif what == "huge":
        with odd.open("wb") as file:
            file.truncate(6_000_000_000)
    else:
        odd.mkdir()
        os.mkfifo(odd / "b.yaml")
    with pytest.raises(RulesetError) as caught:
        load(lesson, cache=cached)
    assert [one.code for one in caught.value.diagnostics] == ["Y101" if what == "huge" else "Y117"]
    assert not kept.exists()


@pytest.mark.fault("C1")
def test_more_files_than_a_ruleset_can_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        (tmp_path / f"{number}.yaml").write_bytes(b"# " + b"x" * (MAX_BYTES - 2))
    assert read_files(tmp_path).too_many
    with pytest.raises(RulesetError) as caught:
        check_folder(tmp_path)
    assert [one.code for one in caught.value.diagnostics] == ["Y118"]


@posix
@pytest.mark.fault("C1")
def test_one_file_is_read_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"12345")
    assert [bytes_of(tmp_path / name) for name in ("pipe", "file", "none")] == [None, b"12345", None]
    assert bytes_of(Path("/dev/zero")) is None and bytes_of(tmp_path) is None
    assert bytes_of(tmp_path / "file", most=3) == b"1234"


@pytest.mark.fault("C5")
def test_what_is_kept_is_used_and_follows_the_files(lesson: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiled_anew(monkeypatch, lesson)
    assert not compiled_anew(monkeypatch, lesson)
    file = lesson / "facts.yaml"
    file.write_bytes(file.read_bytes() + b"# changed\n")
    assert compiled_anew(monkeypatch, lesson)
    assert not compiled_anew(monkeypatch, lesson)


@pytest.mark.fault("C5")
def test_a_broken_entry_is_compiled_anew(lesson: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(lesson)
    place = entry(kept)
    sound = place.read_bytes()
    flipped = sound[:-1] + bytes([sound[-1] ^ 1])
    for broken in (b"", b"\x80\x04K\x01.", sound[:100], sound[:-1], flipped, sound + b"x", pickle.dumps((1, 2, 3))):
        place.write_bytes(broken)
        assert compiled_anew(monkeypatch, lesson)
        assert place.read_bytes()[:20] == sound[:20]


class Planted:
    """What a stranger would have unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('unpickled')",)


@posix
@pytest.mark.fault("C5")
@pytest.mark.parametrize("way", ["writable file", "writable folder", "link", "foreign file"])
def test_nothing_is_read_that_another_may_have_written(
    lesson: Path, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    load(lesson)
    place = entry(kept)
    with monkeypatch.context() as patch:
        patch.setattr(pickle, "dumps", lambda *_, **__: pickle._dumps(Planted()))  # type: ignore[attr-defined]
        cache._write(kept, place.name, (None, b"", b""))  # type: ignore[arg-type]
    with pytest.raises(SystemExit):
        load(lesson)
    if way == "writable file":
        place.chmod(0o666)
    elif way == "writable folder":
        kept.chmod(0o777)
    elif way == "link":
        shutil.move(place, tmp_path / "elsewhere")
        place.symlink_to(tmp_path / "elsewhere")
    else:
        me = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: me + 1)
    assert compiled_anew(monkeypatch, lesson)


@pytest.mark.fault("C5")
def test_files_cut_elsewhere_are_another_entry(tmp_path: Path, kept: Path) -> None:
    names = set()
    for number, (first, second) in enumerate([(b"a\0", b"b"), (b"a", b"\0b"), (b"a\0b.yaml\0", b""), (b"", b"a")]):
        folder = tmp_path / "same"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "a.yaml").write_bytes(first)
        (folder / "b.yaml").write_bytes(second)
        names.add(cache._name(read_files(folder)))
        assert len(names) == number + 1


@pytest.mark.fault("C5")
def test_what_was_used_longest_ago_is_removed(lesson: Path, kept: Path) -> None:
    kept.mkdir(parents=True, mode=0o700)
    for number in range(MAX_ENTRIES + 10):
        (kept / f"{number}.compiled").write_bytes(b"")
        os.utime(kept / f"{number}.compiled", (number, number))
    load(lesson)
    left = {path.name for path in kept.iterdir()}
    assert len(left) == MAX_ENTRIES
    assert "0.compiled" not in left and f"{MAX_ENTRIES + 9}.compiled" in left


@pytest.mark.fault("E14")
def test_a_relative_folder_of_caches_is_ignored(tmp_path: Path, lesson: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    usual = cache_folder()
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.chdir(tmp_path)
    assert cache_folder() == usual
    load(lesson)
    assert not (tmp_path / "here").exists()


@pytest.mark.fault("C5")
def test_the_platform_says_where_caches_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from platformdirs import user_cache_path

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == user_cache_path("fupin_policy", appauthor=False)


@pytest.mark.fault("C13")
def test_a_ruleset_is_pickled_and_copied(lesson: Path) -> None:
    rules = load(lesson, cache=False)
    expected = rules.evaluate(HOUSEHOLD, "2019-06-30")
    again = pickle.loads(pickle.dumps(rules))
    assert isinstance(again, Ruleset) and again.compile() == rules.compile()
    assert again.evaluate(HOUSEHOLD, "2019-06-30") == expected
    assert copy.deepcopy({"rules": rules})["rules"].evaluate(HOUSEHOLD, "2019-06-30") == expected
    assert copy.copy(rules) is copy.deepcopy(rules) is rules


def test_a_ruleset_travels_to_another_process() -> None:
    """By its bound methods, as a pool takes them: a new interpreter, which shares nothing with this one."""
    rules = load(LESSON)
    tried = rules.with_values({"old_age_60": 150})
    with get_context("spawn").Pool(1) as pool:
        for one in (rules, tried):
            asked = (HOUSEHOLD, "2019-06-30")
            assert pool.apply(one.evaluate, asked) == one.evaluate(*asked)
        assert pool.apply(tried.explain, (HOUSEHOLD, "2019-06-30")) == tried.explain(HOUSEHOLD, "2019-06-30")
    assert rules.evaluate(HOUSEHOLD, "2019-06-30") != tried.evaluate(HOUSEHOLD, "2019-06-30")


@pytest.mark.fault("C13")
def test_nothing_is_said_at_exit(tmp_path: Path) -> None:
    script = """
import builtins, copy, sys
from fupin_policy import load
RULES = builtins.kept = sys.kept = load(sys.argv[1])
RULES.evaluate({"id": "h", "members": [{"id": "m"}]}, "2019-06-30")
def fail(rules=RULES):
    rules.evaluate({"id": "h", "members": []}, "2019-13-01")
fail()
"""
    ran = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script, str(LESSON)], capture_output=True, text=True, encoding="utf-8"
    )
    assert ran.returncode == 1 and "InputError" in ran.stderr
    assert "Exception ignored" not in ran.stderr


def test_a_cache_looks_at_every_room_and_the_grammar() -> None:
    states = [state.decode().split()[0] for state in cache._library()]
    assert {"check/typing.py", "evaluators/cache.py", "documents/schemas/facts.json", "expression.lark"} <= set(states)
