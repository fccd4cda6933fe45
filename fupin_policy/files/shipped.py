"""What is shipped with the package but is no part of its code: the grammar, the policies, texts for hosts.

In: a path as it stands at the top of the repository. Out: where it is. Called by every reader of such files.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

PACKAGE = Path(str(files("fupin_policy")))


def shipped(path: str) -> Path:
    """A file or folder that a wheel holds within the package, and the repository beside it."""
    installed = PACKAGE / path
    return installed if installed.exists() else PACKAGE.parent / path
