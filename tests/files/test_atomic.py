"""What commands write: whole or not at all, in the place of nothing but what was written here, and told where not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from io import StringIO
from pathlib import Path

import pytest
from command_inputs import DAY, HOUSEHOLDS, LESSON, MEMBERS, ONE, asked, tree

from fupin_policy.cli.main import main
from fupin_policy.diagnostics import InputError
from fupin_policy.files.atomic import MARKER, atomic_file, atomic_folder, bears, locked, marked


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what commands read: two tables, a household, a result of a run."""
    folder = tmp_path_factory.mktemp("given")
    (folder / "h.csv").write_text(HOUSEHOLDS, encoding="utf-8")
    (folder / "m.csv").write_text(MEMBERS, encoding="utf-8")
    (folder / "h.json").write_text(json.dumps(ONE, ensure_ascii=False), encoding="utf-8")
    assert main(asked(folder, "run", folder / "r.parquet")) == 0
    return folder


FOLDERS = ("run", "worklist", "synth", "compile --c")
FILES = {
    "run": (".parquet", ".csv", ".xlsx", ".duckdb"),
    "map": (".yaml",),
    "summary": (".html",),
    "diff": (".html",),
    "chart": (".svg", ".png"),
    "compile": (".wasm",),
    "interview": (".json",),
    "audit": (".jsonl",),
}
EVERY_FILE = [(command, suffix) for command, suffixes in FILES.items() for suffix in suffixes]


def codes(capsys: pytest.CaptureFixture[str]) -> set[str]:
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {problem["code"] for one in said for problem in one.get("problems", [])}


@pytest.mark.fault("E1")
class TestNothingElseIsReplaced:
    @pytest.mark.parametrize("command", FOLDERS)
    @pytest.mark.parametrize("name", ["照片.jpg", "sub/notes.txt", "h.parquet", MARKER])
    def test_a_folder_with_other_things(
        self, command: str, name: str, given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        output = tmp_path / "out"
        (output / name).parent.mkdir(parents=True)
        (output / name).write_bytes(b"precious")
        before = tree(tmp_path)
        assert main([*asked(given, command, output), "--format", "json"]) == 1
        assert codes(capsys) == {"B175"}
        assert tree(tmp_path) == before

    @pytest.mark.parametrize(("command", "suffix"), EVERY_FILE)
    def test_a_file_of_somebody_else(
        self, command: str, suffix: str, given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        output = tmp_path / f"out{suffix}"
        output.write_bytes("户编号,备注\nh1,珍贵\n".encode())
        before = tree(tmp_path)
        assert main([*asked(given, command, output), "--format", "json"]) == 1
        assert codes(capsys) == {{"audit": "A101"}.get(command, "B112" if suffix == ".duckdb" else "B172")}
        assert tree(tmp_path) == before

    @pytest.mark.parametrize(
        ("command", "suffix"), [one for one in EVERY_FILE if one[0] in ("run", "summary", "compile")]
    )
    def test_a_result_takes_the_place_of_an_earlier_one(
        self, command: str, suffix: str, given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        output = tmp_path / f"out{suffix}"
        assert main(asked(given, command, output)) == 0
        first = tree(tmp_path)
        again = main([*asked(given, command, output), "--format", "json"])
        if suffix == ".duckdb":
            assert again == 1 and "B112" in capsys.readouterr().out
        else:
            assert again == 0
        assert sorted(tree(tmp_path)) == sorted(first)

    @pytest.mark.parametrize("command", ["run", "synth"])
    def test_a_folder_takes_the_place_of_an_earlier_one_unless_changed(
        self, command: str, given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        output = tmp_path / "out"
        assert main(asked(given, command, output)) == 0
        assert main(asked(given, command, output)) == 0
        changed = next(path for path in sorted(output.iterdir()) if path.name != MARKER)
        changed.write_bytes(changed.read_bytes() + b"\n")
        before = tree(output)
        capsys.readouterr()
        assert main([*asked(given, command, output), "--format", "json"]) == 1
        assert codes(capsys) == {"B175"} and tree(output) == before

    def test_the_rejects_beside_a_result(self, given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "out.rejects.csv").write_bytes(b"mine")
        assert main([*asked(given, "run", tmp_path / "out.parquet"), "--format", "json"]) == 1
        assert codes(capsys) == {"B172"} and list(tree(tmp_path).items()) == [("out.rejects.csv", b"mine")]

    def test_the_folder_in_which_a_run_works(
        self, given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / ".out.parquet.work").mkdir()
        (tmp_path / ".out.parquet.work" / "thesis.doc").write_bytes(b"mine")
        for extra in ([], ["--restart"]):
            assert main([*asked(given, "run", tmp_path / "out.parquet"), *extra, "--format", "json"]) == 1
            assert codes(capsys) == {"B175"} and (tmp_path / ".out.parquet.work" / "thesis.doc").exists()

    @pytest.mark.parametrize("command", FOLDERS)
    def test_a_file_where_a_folder_should_be(
        self, command: str, given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "out").write_bytes(b"mine")
        assert main([*asked(given, command, tmp_path / "out"), "--format", "json"]) == 1
        assert codes(capsys) == {"B174"} and tree(tmp_path) == {"out": b"mine"}

    @pytest.mark.parametrize(("command", "suffix"), EVERY_FILE)
    def test_what_is_no_ordinary_file(
        self, command: str, suffix: str, given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pipe, folder = tmp_path / f"pipe{suffix}", tmp_path / f"folder{suffix}"
        os.mkfifo(pipe)
        folder.mkdir()
        for output, code in ((pipe, "B171"), (folder, "B171" if command == "audit" else "B170")):
            assert main([*asked(given, command, output), "--format", "json"]) == 1
            assert codes(capsys) == {code}
        assert pipe.is_fifo() and folder.is_dir() and len(tree(tmp_path)) == 2

    def test_through_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(tmp_path / "real")
        with atomic_file(tmp_path / "link") as aside:
            aside.write_bytes(b"written")
        assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_bytes() == b"written"

    def test_a_link_inside_is_not_ours(self, tmp_path: Path) -> None:
        with atomic_folder(tmp_path / "out") as folder:
            (folder / "a").write_bytes(b"a")
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "b").write_bytes(b"b")
        (tmp_path / "out" / "link").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(InputError, match="B175"), atomic_folder(tmp_path / "out"):
            raise AssertionError
        assert (tmp_path / "elsewhere" / "b").exists()

    def test_a_household_may_be_completed_in_its_own_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdin", StringIO("q\n"))
        path = tmp_path / "h.json"
        path.write_text(json.dumps(ONE, ensure_ascii=False), encoding="utf-8")
        assert main(["interview", "--ruleset", str(LESSON), *DAY, str(path), "-o", str(path)]) == 0
        assert json.loads(path.read_text(encoding="utf-8"))["户编号"] == "h1"


NOWHERE: dict[str, Callable[[Path], Path]] = {
    "below a file": lambda folder: folder / "file" / "out",
    "in a folder that cannot be made": lambda _: Path("/proc/none/out"),
    "a name of 300 characters": lambda folder: folder / ("长" * 300),
}


@pytest.mark.fault("E10", "E1", "C6")
class TestNothingIsLeftBehind:
    @pytest.mark.parametrize("where", NOWHERE)
    @pytest.mark.parametrize("command", FOLDERS)
    def test_a_folder(
        self, command: str, where: str, given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").write_bytes(b"mine")
        assert main([*asked(given, command, NOWHERE[where](tmp_path)), "--format", "json"]) == 1
        # without wasm2c, what it is lacking is said first
        assert codes(capsys) - ({"C001"} if command == "compile --c" else set()) <= {"B179", "B180"} and tree(
            tmp_path
        ) == {"file": b"mine"}

    @pytest.mark.parametrize("where", NOWHERE)
    @pytest.mark.parametrize(("command", "suffix"), EVERY_FILE)
    def test_a_file(
        self, command: str, suffix: str, where: str, given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").write_bytes(b"mine")
        output = NOWHERE[where](tmp_path)
        assert main([*asked(given, command, output.with_name(output.name + suffix)), "--format", "json"]) == 1
        assert codes(capsys) <= {"B179", "B180"} and tree(tmp_path) == {"file": b"mine"}

    @pytest.mark.parametrize("command", FOLDERS)
    @pytest.mark.parametrize("name", [".", "..", "/"])
    def test_the_folder_that_the_command_runs_in(
        self,
        command: str,
        name: str,
        given: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        (tmp_path / "in").mkdir()
        monkeypatch.chdir(tmp_path / "in")
        assert main([*asked(given, command, Path(name)), "--format", "json"]) == 1
        assert codes(capsys) == {"B173"} and list(tree(tmp_path)) == ["in"]

    def test_the_folders_made_for_it_are_gone(self, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt), atomic_file(tmp_path / "a" / "b" / "c.txt") as aside:
            aside.write_bytes(b"half")
            raise KeyboardInterrupt
        assert tree(tmp_path) == {}

    def test_an_older_result_stays_where_a_newer_fails(self, tmp_path: Path) -> None:
        with atomic_folder(tmp_path / "out") as folder:
            (folder / "a").write_bytes(b"older")
        with pytest.raises(OSError), atomic_folder(tmp_path / "out") as folder:
            (folder / "a").write_bytes(b"newer")
            raise OSError
        assert (tmp_path / "out" / "a").read_bytes() == b"older" and sorted(tree(tmp_path)) == [
            "out",
            "out/.fupin",
            "out/a",
        ]


def test_a_marker_that_is_none(tmp_path: Path) -> None:
    for text in ("", "[", "[]", '{"files": 3}', "[" * 100_000, '{"files": {"a": 1}}'):
        (tmp_path / MARKER).write_text(text)
        assert set(marked(tmp_path)) <= {"a"}


@pytest.mark.fault("E1")
def test_pages_of_others_stay_among_the_generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_from_file_location("generated", LESSON.parents[1] / "building" / "generated.py")
    assert spec is not None and spec.loader is not None
    monkeypatch.syspath_prepend(str(LESSON.parents[1]))
    generated = module_from_spec(spec)
    spec.loader.exec_module(generated)
    generated._ruleset(tmp_path, LESSON)
    pages = set(marked(tmp_path))
    (tmp_path / "mine.md").write_text("mine")
    assert "index.md" in pages and "mine.md" not in pages
    monkeypatch.setattr("fupin_policy.reports.site.pages", lambda folder: {"index.md": "all that is left"})
    for _ in range(2):
        generated._ruleset(tmp_path, LESSON)
        assert {path.name for path in tmp_path.rglob("*.md")} == {"index.md", "mine.md"}


def test_a_sign_stands_at_an_end(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for content, found in (
        (b"ab" + b"." * 70_000 + b"sign" + b"." * 70_000, False),
        (b"ab.sign", True),
        (b"sign", False),
    ):
        path.write_bytes(content)
        assert bears(b"sign", at_start=b"ab")(path) is found


def test_only_one_at_a_time(tmp_path: Path) -> None:
    with locked(tmp_path / "x", "ab"), pytest.raises(BlockingIOError), locked(tmp_path / "x", "ab", 0.1):
        raise AssertionError
    with locked(tmp_path / "x", "ab"):
        pass
