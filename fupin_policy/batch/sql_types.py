"""Arrow's types as SQL names them, and the types that columns are brought to before they are read.

In: types of Arrow. Out: text of SQL; other types. Called by `duckdb` and `household_functions`.
"""

from __future__ import annotations

import pyarrow as pa

from fupin_policy.batch.sql import identifier

_NAMES = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.int8(): "TINYINT",
    pa.int16(): "SMALLINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.date32(): "DATE",
}


def sql_type(kind: pa.DataType) -> str:
    """What a type of results is called. Raises AssertionError for one that no result has."""
    if pa.types.is_struct(kind):
        fields = (kind.field(at) for at in range(kind.num_fields))
        return f"STRUCT({', '.join(f'{identifier(one.name)} {sql_type(one.type)}' for one in fields)})"
    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    if kind in _NAMES:
        return _NAMES[kind]
    raise AssertionError(f"no result has columns of {kind}")


def plain(kind: pa.DataType) -> pa.DataType:
    """A type without dictionaries, and with texts and lists of the usual size."""
    if pa.types.is_dictionary(kind):
        return plain(kind.value_type)
    if pa.types.is_large_string(kind) or str(kind) == "string_view":
        return pa.string()
    if pa.types.is_map(kind):
        return kind
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(kind.field(at).name, plain(kind.field(at).type)) for at in range(kind.num_fields)])
    return kind
