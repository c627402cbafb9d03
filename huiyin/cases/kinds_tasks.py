"""The kinds of entries that assigned tasks, colleagues' own observations and macros add."""

from django.utils.translation import gettext_lazy as _

from huiyin.base.facts import Kind, register

register(
    Kind("task.objected", _("objected to the task")),
    Kind("task.upheld", _("kept the task as it is")),
    Kind("task.changed", _("changed the task")),
    Kind("task.handed_in", _("handed in the result")),
    Kind("observation.answered", _("told whoever noticed it that it is reported as solved")),
    Kind("observation.settled", _("told whoever noticed it that it is settled")),
    Kind("observation.set_aside", _("told whoever noticed it that it was set aside")),
    Kind("macro.used", _("used the macro %(macro)s"), fields={"macro": str, "client_id": str}),
)
