"""Entries about who follows a case, who was named in it, and how it is marked."""

from django.utils.translation import gettext_lazy as _

from huiyin.base.facts import Kind, register

register(
    Kind("watcher.added", _("let %(to)s follow the case"), fields={"to": str}),
    Kind("watcher.removed", _("ended that %(to)s follows the case"), fields={"to": str}),
    Kind("person.mentioned", _("mentioned %(to)s"), fields={"to": str, "note": int, "asks": bool}),
    Kind("mention.refused", _("did not let %(to)s in"), fields={"to": str}),
    Kind("tag.added", _("tagged it “%(tag)s”"), fields={"tag": str}),
    Kind("tag.removed", _("took the tag “%(tag)s” away"), fields={"tag": str}),
)
