"""Where a table of PostgreSQL is: an address of libpq's, and beside it the table's name.

In: `postgresql://user@host:5432/database?table=schema.name`. Out: `Location`. Called by `postgres` and
`postgres_ingest`.
A password that stands in an address is kept out of everything that is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode

from fupin_policy.batch.sql import identifier
from fupin_policy.diagnostics import InputError
from fupin_policy.files.addresses import normal

_QUOTES = "\"'`“”‘’ \t\r\n\u00a0\u3000\ufeff"
"""What may stand around an address that was copied from somewhere."""

_ADDRESS = re.compile(
    r"(?i:postgres(?:ql)?)://"
    r"(?:(?P<user>[^:/?#]*?)(?::(?P<password>[^/?#]*))?@)?"
    r"(?P<hosts>(?:[\w.%-]*|\[[\w:.%]+\])(?::[0-9]+)?(?:,(?:[\w.%-]*|\[[\w:.%]+\])(?::[0-9]+)?)*)"
    r"(?:/(?P<database>[^/?#@]*))?"
    r"(?:\?(?P<asked>[^#]*))?"
)
_SAID = re.compile(
    r"(?:ERROR|FATAL|PANIC|错误|致命错误)[:：]\s+(.*?)(?=\n(?:LINE \d|[A-Z]+:)|\. Detail:|\Z)", re.DOTALL
)
"""What a server says, which may be of several lines: names may be."""

_LOGIN = re.compile(r"authentication failed|no password supplied|认证失败|身份验证失败|SASL|SCRAM")
WITHHELD = "（服务器的原话里有密码，不予显示 / its words hold the password and are not shown）"
_SECRET = ("password", "sslpassword")
_SHOWN = ("host", "port", "dbname", "service")


@dataclass(frozen=True, slots=True)
class Location:
    """A table: `address` is what libpq is given, `shown` what people are shown, `schema` None where none was named."""

    shown: str
    database: str
    schema: str | None
    table: str
    address: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """The table as it is called among the tables of a run: `database:schema.table`."""
        return f"{self.database}:{self.within}"

    @property
    def within(self) -> str:
        """The table as it is called in its database."""
        return self.table if self.schema is None else f"{self.schema}.{self.table}"

    @property
    def sql(self) -> str:
        """The table as SQL writes it."""
        return identifier(self.table) if self.schema is None else f"{identifier(self.schema)}.{identifier(self.table)}"

    def problem(self, error: BaseException) -> str:
        """What a server or libpq says is wrong, in a line; nothing of it where it holds what is secret.

        A secret is not cut out of a sentence: where a short one stood would show which it is.
        """
        text = str(error)
        if any(form in text for secret in self.secrets for form in (secret, quote(secret), quote(secret, safe=""))):
            return WITHHELD
        if said := _SAID.search(text):
            return " ".join(said[1].split("\n")).strip()
        lines = [line for line in text.splitlines() if line.strip()] or [type(error).__name__]
        return re.sub(r"^(?:[A-Z_]+: )?(?:\[libpq\] )?", "", lines[0]).strip()

    def refused(self, error: BaseException) -> bool:
        """Whether the server did not let the user in."""
        return str(getattr(error, "sqlstate", None) or "").startswith("28") or bool(_LOGIN.search(str(error)))


def locate(spec: str) -> Location:
    """Where a table is. Raises InputError, which does not quote the address: its password may be what is wrong."""
    found = _ADDRESS.fullmatch(spec.strip(_QUOTES))
    asked = dict(parse_qsl(found["asked"] or "", keep_blank_values=True)) if found else {}
    named = asked.pop("table", "")
    if found is None or not named or not all(re.fullmatch("[a-z_]+", key) for key in asked):
        raise InputError.of("B130" if "postgres" in normal(spec) else "B176", "…")
    before, dot, after = named.partition(".")
    user, password = (None if part is None else unquote(part) for part in found.group("user", "password"))
    database = unquote(found["database"] or "")
    secrets = (password, *(asked.get(key) for key in _SECRET))
    shown = {key: asked[key] for key in _SHOWN if key in asked} | {"table": named}
    where = f"{found['hosts']}/{quote(database)}"
    return Location(
        shown=f"postgresql://{f'{user}@' if user else ''}{where}?{'&'.join(f'{k}={v}' for k, v in shown.items())}",
        database=database or asked.get("dbname", "postgresql"),
        schema=before if dot else None,
        table=after if dot else named,
        address=f"postgresql://{_login(user, password)}{where}?{urlencode(_with_name(asked), quote_via=quote)}",
        secrets=tuple(dict.fromkeys(secret for secret in secrets if secret)),
    )


def _with_name(asked: dict[str, str]) -> dict[str, str]:
    """So that a server's people see who is connected."""
    return {"fallback_application_name": "fupin", **asked}


def _login(user: str | None, password: str | None) -> str:
    if user is None:
        return ""
    word = "" if password is None else ":" + quote(password, safe="")
    return f"{quote(user, safe='')}{word}@"
