from typing import Any

import huiyin.cases.models.search
from django.db import migrations, models

SQLITE = (
    """CREATE VIRTUAL TABLE cases_search_tokens USING fts5(
        tokens, content='cases_searchrow', content_rowid='place', detail='none',
        tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER cases_search_added AFTER INSERT ON cases_searchrow BEGIN
        INSERT INTO cases_search_tokens(rowid, tokens) VALUES (new.place, new.tokens); END""",
    """CREATE TRIGGER cases_search_taken AFTER DELETE ON cases_searchrow BEGIN
        INSERT INTO cases_search_tokens(cases_search_tokens, rowid, tokens)
        VALUES ('delete', old.place, old.tokens); END""",
)
POSTGRESQL = (
    # What is added is found at once, without a list of late additions that every search would read.
    "CREATE INDEX cases_search_tokens ON cases_searchrow USING gin (tokens) WITH (fastupdate = off)",
)


def add_full_text(apps: Any, schema_editor: Any) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_silence_confirms")]

    operations = [
        migrations.CreateModel(
            name="SearchMark",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("upto", models.BigIntegerField(default=0)),
                ("missing", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                ("tokens", huiyin.cases.models.search.TokensField()),
            ],
        ),
        migrations.RunPython(add_full_text, migrations.RunPython.noop),
    ]
