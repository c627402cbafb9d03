"""The pages about people, teams, hours, rights and the audit."""

from django.urls import path

from huiyin.desk.views import (
    accounts,
    audit,
    calendars,
    channels,
    leaks,
    mine,
    overload,
    people,
    person,
    policies,
    teams,
    webhooks,
)

urlpatterns = [
    path("desk/me", mine.page, name="me"),
    path("desk/overload", overload.page, name="overload"),
    path("desk/people", people.page, name="people"),
    path("desk/people/import", people.import_file, name="people-import"),
    path("desk/people/<str:person>", person.page, name="person"),
    path("desk/teams", teams.page, name="teams"),
    path("desk/calendars", calendars.page, name="calendars"),
    path("desk/policies", policies.page, name="policies"),
    path("desk/roles", teams.roles_page, name="roles"),
    path("desk/accounts", accounts.page, name="accounts"),
    path("desk/channels", channels.page, name="channels"),
    path("desk/webhooks", webhooks.page, name="webhooks"),
    path("desk/webhooks/<uuid:endpoint>", webhooks.one, name="webhook"),
    path("desk/leaks", leaks.page, name="leaks"),
    path("desk/audit", audit.page, name="audit"),
    path("desk/audit/verify", audit.verify, name="audit-verify"),
]
