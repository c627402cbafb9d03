"""What must always hold of the base: the audit chain, tasks, files, and the database file itself."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection

from huiyin.base import audit, clock, files
from huiyin.base.models import Blob, Task
from huiyin.base.verify import invariant


@invariant("the database file is sound")
def database_sound() -> Iterator[str]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            yield from (row[0] for row in cursor.fetchall() if row[0] != "ok")
            cursor.execute("PRAGMA foreign_key_check")
            yield from (
                f"a row of {row[0]} points to a row of {row[2]} that is gone" for row in cursor.fetchall()
            )


@invariant("no audit row was changed or taken out")
def audit_chain() -> Iterator[str]:
    yield from audit.broken_links()


@invariant("no task ends unseen: every one is ready, running, done or dead with its error")
def tasks_known() -> Iterator[str]:
    states = (Task.READY, Task.RUNNING, Task.DONE, Task.DEAD)
    for task in Task.objects.exclude(state__in=states):
        yield f"task {task.key} is in the unknown state {task.state}"
    for task in Task.objects.filter(state=Task.DEAD, error=""):
        yield f"task {task.key} is dead without an error"


@invariant("every file that a row names as kept is there, and no file is without a row for longer than a day")
def files_there() -> Iterator[str]:
    for blob in Blob.objects.filter(refused="").iterator():
        if not files.path_of(blob.uuid).is_file():
            yield f"file {blob.uuid} of {blob.subject} is missing"
    root = settings.HUIYIN.data_dir / "files"
    before = (clock.now() - timedelta(days=1, hours=2)).timestamp()  # the sweep comes once an hour
    for path in root.glob("*/*"):
        if path.stat().st_mtime < before and files.is_orphan(path):
            yield f"file {path.name} belongs to nothing and was not swept"
