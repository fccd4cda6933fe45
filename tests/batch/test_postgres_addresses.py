"""Addresses of tables in a database: how they are read, and that no secret of theirs is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_policy import InputError
from fupin_policy.batch.postgres_address import WITHHELD, locate


class TestAddresses:
    """Addresses are read as libpq reads them, and never shown with what is secret in them."""

    @given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.sampled_from(["%", ""]))
    def test_any_password_is_carried_and_never_shown(self, password: str, plain: str) -> None:
        from urllib.parse import quote, unquote, urlsplit

        written = quote(password, safe="@!" if plain else "")
        found = locate(f"postgresql://clerk:{written}@db.example:5433/registry?table=a.b&sslmode=require")
        parts = urlsplit(found.address)
        assert unquote(parts.password or "") == password
        assert (parts.username, parts.hostname, parts.port, parts.path) == ("clerk", "db.example", 5433, "/registry")
        assert "sslmode=require" in parts.query and "table" not in parts.query
        assert found.shown == "postgresql://clerk@db.example:5433/registry?table=a.b"
        assert found.secrets == (password,)
        assert repr(found) == f"Location(shown='{found.shown}', database='registry', schema='a', table='b')"

    @given(st.text(st.sampled_from("ab1:@/?#%&= []"), max_size=12), st.sampled_from(["", "/registry"]))
    def test_an_address_that_cannot_be_read_is_not_quoted(self, secret: str, database: str) -> None:
        try:
            found = locate(f"postgresql://clerk:S3{secret}4S@db.example{database}?table=t")
        except InputError as error:
            assert "S3" not in str(error) and "4S" not in str(error)
        else:
            assert "S3" not in found.shown and "4S" not in found.shown

    @pytest.mark.parametrize(
        ("spec", "shown", "name"),
        [
            ("postgres:///?table=t", "postgresql:///?table=t", "postgresql:t"),
            ("postgresql://db?table=s.t", "postgresql://db/?table=s.t", "postgresql:s.t"),
            ("postgresql://a:1,b:2/r?table=t", "postgresql://a:1,b:2/r?table=t", "r:t"),
            ("postgresql://[::1]:5432/r?table=t", "postgresql://[::1]:5432/r?table=t", "r:t"),
            (
                "postgresql:///r?host=/run/pg&password=x&table=t",
                "postgresql:///r?host=/run/pg&table=t",
                "r:t",
            ),
            ("postgresql://?service=county&table=t", "postgresql:///?service=county&table=t", "postgresql:t"),
            ("postgresql://db/r?table=%E6%88%B7", "postgresql://db/r?table=户", "r:户"),
        ],
    )
    def test_forms(self, spec: str, shown: str, name: str) -> None:
        found = locate(spec)
        assert (found.shown, found.name) == (shown, name)

    def test_what_a_server_says_is_told_without_secrets(self) -> None:
        found = locate("postgresql://clerk:geheim@db/r?table=t&sslpassword=andres")
        for secret in ("geheim", "andres"):
            assert found.problem(OSError(f"IO: [libpq] Failed: {secret}\nmore")) == WITHHELD
        assert found.problem(OSError("IO: [libpq] Failed: so\nmore")) == "Failed: so"
        assert found.problem(OSError('x failed: FATAL:  role "y" does not exist\n')) == 'role "y" does not exist'

    @pytest.mark.fault("E7")
    @pytest.mark.parametrize("password", ["a", "er", "ist", " ", "%", '"'])
    def test_a_short_password_is_not_shown_by_where_it_is_missing(self, password: str) -> None:
        from urllib.parse import quote

        found = locate(f"postgresql://clerk:{quote(password, safe='')}@db/r?table=t")
        said = found.problem(OSError('ERROR:  relation "easter 5%" does not exist'))
        assert said in (WITHHELD, 'relation "easter 5%" does not exist') and "***" not in said

    @pytest.mark.fault("E7")
    def test_a_sentence_is_not_cut_in_a_name_of_two_lines(self) -> None:
        found = locate("postgresql://clerk@db/r?table=t")
        error = OSError('[libpq] x: ERROR:  relation "a\nb" says "no"\nLINE 1: SELECT\nHINT:  none')
        assert found.problem(error) == 'relation "a b" says "no"'
