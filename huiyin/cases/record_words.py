"""The words of the service record: kinds of service, what the customer says, and how a case was closed."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SERVICES = {
    "pre_sales": pgettext_lazy("record", "Enquiry"),
    "after_sales": pgettext_lazy("record", "After-sales"),
    "complaint": pgettext_lazy("record", "Complaint"),
    "other": pgettext_lazy("record", "Other"),
}
OUTCOMES = {
    "satisfied": _("satisfied"),
    "pending": _("still waits and sees"),
    "dissatisfied": _("dissatisfied"),
}
CLOSED_BY = {
    "customer": _("confirmed on the customer's page"),
    "channel": _("confirmed in the channel"),
    "call": _("confirmed in a call"),
    "lead": _("accepted by who assigned it"),
    "no_answer": _("called back three times without an answer"),
    "silence": _("closed by silence, nobody confirmed"),
}
# What a file says of itself besides, when it is not masked.
PLAIN_COLUMNS = {"plain": _("Unmasked"), "exported_for": _("Exported for")}
COLUMNS = {
    "number": _("Case"),
    "opened": _("Opened"),
    "customer_number": _("Customer number"),
    "customer": _("Customer"),
    "level": _("Level"),
    "contacts": _("Contact"),
    "service": _("Service"),
    "category": _("Category"),
    "priority": _("Priority"),
    "channel": _("Channel"),
    "asked": _("What the customer asked"),
    "owner": _("Answers for it"),
    "handler": _("Works on it"),
    "team": _("Team"),
    "department": _("Responsible department"),
    "follow_ups": _("Steps of follow-up"),
    "promises_late": _("Promises not kept in time"),
    "result": _("Result"),
    "feedback": _("Feedback"),
    "outcome": _("Satisfaction"),
    "status": _("State"),
    "closed": _("Closed"),
    "closed_by": _("How it was closed"),
    "closed_loop": _("Closed loop"),
    "exported_by": _("Exported by"),
    "exported_at": _("Exported at"),
}
