"""Whatever looks like an address is read as one or refused; no file bears its name, and no password is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_inputs import DAY, HOUSEHOLDS, LESSON, MEMBERS, asked, tree
from hypothesis import example, given
from hypothesis import strategies as st

from fupin_policy.batch.postgres_address import locate
from fupin_policy.cli.main import main
from fupin_policy.diagnostics import InputError
from fupin_policy.diagnostics.messages import table
from fupin_policy.files.addresses import is_address, without_addresses

pytestmark = pytest.mark.fault("C9")

FORMS = (
    "POSTGRESQL://clerk:PassWord1@127.0.0.1:1/county?table=t",
    "Postgres://clerk:PassWord1@127.0.0.1:1/county?table=t",
    "  postgresql://clerk:PassWord1@127.0.0.1:1/county?table=t",
    "\tpostgresql://clerk:PassWord1@127.0.0.1:1/county?table=t",
    "\u3000postgresql://clerk:PassWord1@127.0.0.1:1/county?table=t",
    "'postgresql://clerk:PassWord1@127.0.0.1:1/county?table=t'",
    '"postgresql://clerk:PassWord1@127.0.0.1:1/county?table=t"',
    "“postgresql://clerk:PassWord1@127.0.0.1:1/county?table=t”",
    "postgresql：//clerk:PassWord1@127.0.0.1:1/county?table=t",
    "jdbc:postgresql://127.0.0.1:1/county?user=clerk&password=PassWord1",
    "JDBC:postgresql:county?user=clerk&password=PassWord1",
    "postgresql+psycopg2://clerk:PassWord1@127.0.0.1:1/county?table=t",
    "postgresql:clerk:PassWord1@127.0.0.1/county",
    "postgresql:/clerk:PassWord1@127.0.0.1/county",
    "postgres:clerk:PassWord1@127.0.0.1/county",
    "pg://clerk:PassWord1@127.0.0.1/county",
    "host=127.0.0.1 port=1 dbname=county user=clerk password=PassWord1",
    "dbname = county user = clerk password = PassWord1",
    "Server=127.0.0.1;Database=county;User Id=clerk;Password=PassWord1;",
    "sslmode=require password=PassWord1",
    "mysql://clerk:PassWord1@127.0.0.1/county",
    "clerk:PassWord1@127.0.0.1/county",
    "https://clerk:PassWord1@127.0.0.1/h.csv",
    "s3://key:PassWord1@bucket/h.parquet",
    "pos/gresql://clerk:PassWord1@127.0.0.1:9/county",
    "postg]es://clerk:PassWord1@127.0.0.1:9/[?table=h",
    "https:é//clerk:PassWord1@127.0.0.1:9/h.csv",
    "https:/\\/u:PassWord1@127.0.0.1:9/h.csv",
    "postgresql+psycopg2\\:@/u:PassWord1@127.0.0.1:9",
)
COMMANDS = (
    "run",
    "worklist",
    "synth",
    "compile --c",
    "map",
    "summary",
    "diff",
    "chart",
    "compile",
    "interview",
    "audit",
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in."""
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    return tmp_path


@pytest.mark.parametrize("form", FORMS)
def test_it_is_an_address(form: str) -> None:
    assert is_address(form)


@pytest.mark.parametrize(
    "name",
    [
        "h.csv",
        "./结果/a b.parquet",
        "C:\\data\\h.csv",
        "county.duckdb:户",
        "D:/county.duckdb:main.t",
        "a@b.csv",
        "C:data@b.csv",
        "用户=甲.csv",
        "postgres.csv",
        "postgresql",
        "x=1.csv",
        "-",
        "HEAD~1",
        "v1.0",
    ],
)
def test_it_is_a_name(name: str) -> None:
    assert not is_address(name)


@pytest.mark.parametrize("form", FORMS)
def test_as_a_table_or_a_result(form: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "h.csv").write_text(HOUSEHOLDS, encoding="utf-8")
    (here / "m.csv").write_text(MEMBERS, encoding="utf-8")
    lesson = ["--ruleset", str(LESSON)]
    for command in (
        ["run", *lesson, form, *DAY, "-o", "out.csv"],
        ["map", *lesson, form],
        ["run", *lesson, str(here / "h.csv"), str(here / "m.csv"), *DAY, "-o", form],
    ):
        assert main(command) == 1
    out, err = capsys.readouterr()
    assert "PassWord1" not in out + err and tree(here / "in") == {}
    assert "B130" in err or "B131" in err or "B176" in err


@pytest.mark.parametrize("form", [FORMS[0], FORMS[2], FORMS[10], FORMS[16]])
@pytest.mark.parametrize("command", COMMANDS)
def test_as_any_output(command: str, form: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if command == "run":
        return
    given = asked(here, command, Path("out"))
    assert main([form if one == "out" else one for one in given]) == 1
    out, err = capsys.readouterr()
    assert "B176" in err and "PassWord1" not in out + err and tree(here) == {"in": None}


@pytest.mark.parametrize(
    "command",
    [
        ["check", FORMS[0]],
        ["check", "--ruleset", FORMS[0]],
        ["eval", FORMS[0]],
        ["explain", FORMS[16]],
        ["timeline", "--from", "2019-01-01", "--to", "2019-02-01", FORMS[12]],
        ["diff", FORMS[0], FORMS[1]],
        ["summary", FORMS[9]],
        ["worklist", FORMS[9], "-o", "out"],
        ["audit", "verify", FORMS[2]],
        ["sources", "verify", FORMS[2]],
        ["fmt", FORMS[3]],
        ["run", "h.csv", *DAY, "-o", "out.csv", "--mapping", FORMS[0]],
    ],
)
def test_as_any_file(command: list[str], here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 1
    out, err = capsys.readouterr()
    assert "B176" in err and "PassWord1" not in out + err and tree(here / "in") == {}


@pytest.mark.parametrize(
    "command",
    [
        ["run", "a", "b", FORMS[0], *DAY, "-o", "x"],
        [FORMS[0]],
        ["check", "--format", FORMS[0]],
        ["eval", "a", FORMS[16]],
    ],
)
def test_a_wrong_usage(command: list[str], here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(command)
    assert stopped.value.code == 2 and "PassWord1" not in "".join(capsys.readouterr())


@given(st.text(max_size=30))
@example("postgresql:")
def test_any_text_is_a_name_or_an_address_that_can_be_read_or_not(text: str) -> None:
    if not is_address(text):
        return
    try:
        found = locate(text)
    except InputError as error:
        assert {one.code for one in error.diagnostics} <= {"B130", "B176"}
        # the sentences themselves show what an address looks like
        said = "".join(str(part) for code in ("B130", "B176") for part in table()[code])
        assert text.strip() == "" or len(text) < 3 or text in said or text not in str(error)
    else:
        assert found.table


def test_sentences_without_addresses() -> None:
    assert without_addresses("unrecognized arguments: h.csv") == "unrecognized arguments: h.csv"
    assert without_addresses(f"unrecognized arguments: a {FORMS[0]}") == "***"
