"""Names and texts as SQL writes them, and what the column of row numbers is called.

In: a name or a text. Out: SQL. Called wherever DuckDB or PostgreSQL is asked something.
"""

ROW = "_row"
"""The number of a row in its table, from 1; the header of a CSV or Excel table is row 1, its first row row 2."""


def text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
