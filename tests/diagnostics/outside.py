"""Codes that no file of cases can provoke, as they need a machine that lacks something or fails: tested elsewhere.

Each with the test that states its place and both sentences.
"""

OUTSIDE: dict[str, str] = {}
