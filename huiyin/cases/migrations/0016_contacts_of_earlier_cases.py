from django.db import migrations
from django.db.models import Exists, OuterRef

AT_ONCE = 500


def make(apps, schema_editor):
    """Give each call and chat of before its first contact, with what was promised and said in it."""
    case, contact, entry, promise = (
        apps.get_model("cases", name) for name in ("Case", "Contact", "Entry", "Promise")
    )
    begun = entry.objects.filter(case=OuterRef("pk"), seq=1, kind="message.received", by_kind="customer")
    live = case.objects.filter(Exists(begun), channel_kind__in=("chat", "phone")).order_by("pk")
    after = 0
    while found := list(live.filter(pk__gt=after)[:AT_ONCE]):
        after = found[-1].pk
        for one in found:
            owed = promise.objects.filter(case=one, kind__in=("greeting", "first_reply"))
            replied = owed.filter(kind="first_reply").exclude(fulfilled_at=None)
            answered = replied.order_by("pk").values_list("fulfilled_at", flat=True).first()
            outcome = ("answered" if answered else "abandoned") if one.closed_at else ""
            made = contact.objects.create(
                case=one,
                no=1,
                channel=one.channel,
                channel_kind=one.channel_kind,
                queue_id=one.team_id,
                offered_at=one.opened_at,
                answered_at=answered,
                ended_at=one.closed_at,
                outcome=outcome,
            )
            owed.update(contact=made)
            said = entry.objects.filter(case=one, kind="message.received", by_kind="customer")
            said.update(contact=made)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0015_contacts"),
    ]

    operations = [
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
