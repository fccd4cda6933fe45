"""`fupin schema`: the schemas of files, shown and written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fupin_policy.cli.main import main
from fupin_policy.editor.schemas import every_kind, schema_text


def test_all_kinds_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == list(every_kind()) and "mapping" in listed


def test_one_is_printed_as_it_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    for word in ("policies", "政策"):
        assert main(["schema", word]) == 0
        assert capsys.readouterr().out == schema_text("policies")


def test_all_are_written_into_a_folder_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "schemas"
    assert main(["schema", "-o", str(folder), "--format", "json"]) == 0
    written = json.loads(capsys.readouterr().out)["files"]
    assert sorted(written) == sorted(str(folder / f"{kind}.json") for kind in every_kind())
    assert all(json.loads(Path(one).read_bytes())["title"] for one in written)
    (folder / "policies.json").write_text("{}", encoding="utf-8")
    assert main(["schema", "-o", str(folder)]) == 1
    assert "B175" in capsys.readouterr().err and (folder / "policies.json").read_text(encoding="utf-8") == "{}"


def test_an_unknown_kind_has_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "polices"]) == 1
    said = capsys.readouterr().err
    assert "N230" in said and "policies" in said
