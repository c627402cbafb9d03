from typing import Any

from django.db import migrations

from huiyin.base import guard


def put_up(apps: Any, editor: Any) -> None:
    guard.put_up()


def take_away(apps: Any, editor: Any) -> None:
    guard.take_away()


class Migration(migrations.Migration):
    dependencies = [("base", "0002_how_far_tasks_reach")]

    operations = [migrations.RunPython(put_up, take_away)]
