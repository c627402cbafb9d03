"""The kinds of entries that assigned tasks and macros add."""

from django.utils.translation import gettext_lazy as _

from huiyin.base.facts import Kind, register

register(
    Kind("task.objected", _("objected to the task")),
    Kind("task.upheld", _("kept the task as it is")),
    Kind("task.changed", _("changed the task")),
    Kind("task.handed_in", _("handed in the result")),
    Kind("macro.used", _("used the macro %(macro)s"), fields={"macro": str, "client_id": str}),
)
