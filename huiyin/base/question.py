"""A question to the database whose words are worked out once, for the few that every message or every page asks.

It is written as any other query of the ORM, with places for what changes; the ORM would spend several times as long on
the words as the database on the answer. Lists are filled up to a power of two, so that there are few wordings.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Expression, QuerySet

M = TypeVar("M", bound=models.Model)
KEPT = 4096


class _Place(Expression):
    """Stands in the words for one value that is given later."""

    def __init__(self, name: str, index: int | None) -> None:
        super().__init__(output_field=models.Field())
        self.name, self.index = name, index

    def __hash__(self) -> int:
        return hash((self.name, self.index))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Place) and (self.name, self.index) == (other.name, other.index)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class _Words:
    sql: str
    params: tuple[Any, ...]
    convert: Callable[[Sequence[Any]], Sequence[Sequence[Any]]]


class Question:
    """`make` takes the names of what is given and returns a query of `values_list`.

    What shapes the words themselves, such as who asks, it takes first; words are kept for each who asked.
    Compare a foreign key by the row number behind it (`customer__id__in`, not `customer__in`).
    """

    def __init__(self, make: Callable[..., QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._make = make
        self._words: dict[tuple[object, ...], _Words] = {}

    def ask(self, *shaping: Hashable, **given: Any) -> Sequence[Sequence[Any]]:
        """Return the rows of the answer; a list that is empty matches nothing, and then nothing is asked."""
        if any(isinstance(value, list) and not value for value in given.values()):
            return ()
        filled = {name: _filled(value) for name, value in given.items()}
        shape = (
            connection.vendor,
            shaping,
            *(len(value) if isinstance(value, list) else 0 for value in filled.values()),
        )
        words = self._words.get(shape)
        if words is None:
            words = self._put_into_words(shaping, filled)
            if len(self._words) >= KEPT:
                self._words.clear()
            self._words[shape] = words
        if not words.sql:
            return ()
        with connection.cursor() as cursor:
            cursor.execute(words.sql, [_value(param, filled) for param in words.params])
            return words.convert(cursor.fetchall())

    def _put_into_words(self, shaping: Sequence[Hashable], filled: Mapping[str, Any]) -> _Words:
        places = {
            name: [_Place(name, i) for i in range(len(value))]
            if isinstance(value, list)
            else _Place(name, None)
            for name, value in filled.items()
        }
        compiler = self._make(*shaping, **places).query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:  # who asks may see nothing at all
            sql, params = "", ()
        converters = compiler.get_converters([column[0] for column in compiler.select])

        def convert(rows: Sequence[Any]) -> Sequence[Sequence[Any]]:
            return list(compiler.apply_converters(rows, converters)) if rows and converters else rows

        return _Words(sql, tuple(params), convert)


def columns(model: type[models.Model], through: str = "") -> list[str]:
    """Return the names of all columns of a model, for `values_list`; `through` leads there (`customer__`)."""
    return [f"{through}{field.attname}" for field in model._meta.concrete_fields]


def made(model: type[M], values: Sequence[Any], names: Sequence[str] | None = None) -> M:
    """Return the row that stands in these columns: all of the model, or those `names`, in the order of its fields."""
    return model.from_db(connection.alias, names or columns(model), values)


def _filled(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    size = 1 << (len(value) - 1).bit_length()
    return value + [value[-1]] * (size - len(value))


def _value(param: Any, given: Mapping[str, Any]) -> Any:
    if not isinstance(param, _Place):
        return param
    value = given[param.name] if param.index is None else given[param.name][param.index]
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
