"""What names a thing within a ruleset.

In: nothing. Out: the types of identifiers. Called by everybody who looks something up by one.
"""

from __future__ import annotations

Need = tuple[str, str | None]
"""The name of an input (or `parameter.NAME`), and the member whose it is, or None."""
