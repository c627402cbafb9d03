"""Rows by the hundred thousand: tuples straight into a model's table, with the model's own defaults and forms."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Model

REMEMBERED = 5000


def insert(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert the rows in the running transaction; each names columns (`id`, `team_id`), others get the default."""
    fields = model._meta.local_concrete_fields
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    forms = [(field.attname, _form(field), field.get_default) for field in fields]
    tuples = (
        tuple([form(row[name]) if name in row else form(default()) for name, form, default in forms])
        for row in rows
    )
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["?"] * len(fields))
            cursor.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", tuples)
            return
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in tuples:
                copy.write_row(row)
        sequence = f"pg_get_serial_sequence('{model._meta.db_table}', 'id')"
        cursor.execute(f"SELECT setval({sequence}, max(id)) FROM {table}")


def _form(field: Any) -> Callable[[Any], Any]:
    known: dict[Any, Any] = {}

    def prepared(value: Any) -> Any:
        # Most values repeat; preparing each anew would take longer than writing it.
        if type(value) in (dict, list):
            return field.get_db_prep_save(value, connection)
        if value not in known:
            if len(known) >= REMEMBERED:
                known.clear()
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    return prepared
