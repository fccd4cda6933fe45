"""Folders worked on beside their place: whole there, or not there; others' things are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from fupin_policy.diagnostics import InputError
from fupin_policy.files.atomic import MARKER, check_folder
from fupin_policy.files.unfinished import LOCK, NOTE, finished_folder, unfinished


def kept(path: Path) -> bool:
    return path.name == "work"


def test_a_folder_appears_when_all_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "above" / "month"
    with finished_folder(folder, "go on", kept) as aside:
        (aside / "in").mkdir()
        (aside / "in" / "a.txt").write_text("a")
        assert not folder.exists() and (aside / NOTE).read_text() == "go on"
    assert sorted(one.name for one in folder.iterdir()) == [MARKER, "in"] and not unfinished(folder).exists()
    check_folder(folder)
    with finished_folder(folder, "go on", kept) as aside:
        (aside / "b.txt").write_text("b")
        assert (folder / "in" / "a.txt").is_file()
    assert sorted(one.name for one in folder.parent.iterdir()) == ["month"]
    assert sorted(one.name for one in folder.iterdir()) == [MARKER, "b.txt"]


def test_what_is_worth_keeping_is_kept_when_it_fails(tmp_path: Path) -> None:
    folder = tmp_path / "month"
    with pytest.raises(ZeroDivisionError), finished_folder(folder, "go on", kept) as aside:
        (aside / "a.txt").write_text("a")
        (aside / "work").mkdir()
        raise ZeroDivisionError
    assert sorted(one.name for one in unfinished(folder).iterdir()) == sorted([LOCK, NOTE, "work"])
    with finished_folder(folder, "go on", lambda _: False) as aside:
        assert sorted(one.name for one in aside.iterdir()) == sorted([LOCK, NOTE])
        (aside / "a.txt").write_text("a")
    assert (folder / "a.txt").is_file()
    with pytest.raises(ZeroDivisionError), finished_folder(folder, "go on", kept):
        raise ZeroDivisionError
    assert sorted(one.name for one in tmp_path.iterdir()) == ["month"] and (folder / "a.txt").is_file()


def test_others_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "month"
    unfinished(folder).mkdir()
    (unfinished(folder) / "own.txt").write_text("mine")
    with pytest.raises(InputError, match="B175"), finished_folder(folder, "go on", kept):
        raise AssertionError
    assert (unfinished(folder) / "own.txt").is_file()
    other = tmp_path / "other"
    with finished_folder(other, "go on", kept) as aside:
        with pytest.raises(InputError, match="B177"), finished_folder(other, "go on", kept):
            raise AssertionError
        assert (aside / NOTE).is_file()
    (other / "added.txt").write_text("mine")
    with pytest.raises(InputError, match="B175"), finished_folder(other, "go on", kept):
        raise AssertionError
    assert (other / "added.txt").is_file() and not unfinished(other).exists()
