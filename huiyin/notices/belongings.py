"""What notices keep of a person's words, and how it is forgotten."""

from django.db.models import QuerySet

from huiyin.cases.models import Case
from huiyin.customers.belongings import Forgotten, Person, forget
from huiyin.customers.saying import only_codes
from huiyin.notices.models import Notice


def _told(person: Person) -> QuerySet[Notice]:
    numbers = Case.objects.filter(customer__in=person.ids).values("number")
    return Notice.objects.filter(case_number__in=numbers)


def _erase(person: Person) -> None:
    for notice in _told(person).iterator(chunk_size=500):
        kept = only_codes(notice.params, person.values)
        if kept != notice.params:
            Notice.objects.filter(pk=notice.pk).update(params=kept)


forget(Forgotten("notices_kept", lambda person: _told(person).count(), _erase))
