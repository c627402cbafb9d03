from typing import Any

from django.db import models


class TokensField(models.TextField):  # type: ignore[type-arg]
    """Tokens between spaces: a `tsvector` on PostgreSQL, plain text that feeds a full-text table on SQLite."""

    def db_type(self, connection: Any) -> str | None:
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        # A literal, never `to_tsvector`, which would cut the tokens again.
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"


class SearchRow(models.Model):
    """What a case or one of its entries is found by. `place` is the case's row and the entry's number in one.

    The entry 0 is the case itself: its number and title. Newest first is the order of `place`, downwards.
    """

    place = models.BigIntegerField(primary_key=True)
    tokens = TokensField()


class SearchMark(models.Model):
    """How far the index has come: entries up to `upto` are in it, but for those `missing` that may still appear.

    Rows are numbered before they are committed, so a lower number can appear after a higher one.
    """

    name = models.CharField(max_length=20, primary_key=True)
    upto = models.BigIntegerField(default=0)
    missing = models.JSONField(default=list)
