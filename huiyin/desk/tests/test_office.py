import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.base import audit
from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from huiyin.staff import sessions, teams
from huiyin.staff.models import Confidentiality, Grant, Leak, Role, Site, Staff, Team, Token
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def root() -> Client:
    return given.at_desk(given.a_person("root", role="administrator", team=None))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_somebody_joins_and_their_password_is_shown_once(root: Client) -> None:
    given.a_team("returns")
    answer = root.post("/desk/people", {"number": "CS9", "name": "王芳", "role": "agent", "team": "service"})
    assert re.search(r"<code>\w+-\w+-\w+</code>", text(answer))
    assert not re.search(r"<code>\w+-\w+-\w+</code>", text(root.get("/desk/people")))
    assert "王芳" in text(root.get("/desk/people?text=CS9"))


def test_a_refused_form_keeps_what_was_typed_and_says_why(root: Client) -> None:
    answer = root.post("/desk/people", {"number": "CS 9", "name": "王芳", "role": "agent"})
    assert answer.status_code == 422
    assert 'value="CS 9"' in text(answer)
    assert 'role="alert"' in text(answer)


def test_a_file_is_shown_line_by_line_and_then_imported_with_passwords(root: Client) -> None:
    words = "number,name,role\nCS7,王芳,agent\n"
    file = SimpleUploadedFile("people.csv", words.encode("gb18030"))
    shown = root.post("/desk/people/import", {"act": "preview", "file": file})
    assert "王芳" in text(shown)
    assert not Staff.objects.filter(number="CS7").exists()
    given_out = root.post("/desk/people/import", {"act": "import", "text": words})
    assert given_out.headers["Content-Type"].startswith("text/csv")
    assert given_out.headers["Cache-Control"] == "no-store"
    assert "CS7,王芳," in given_out.content.decode("utf-8-sig")


def test_a_file_with_a_fault_offers_no_import(root: Client) -> None:
    shown = root.post("/desk/people/import", {"act": "preview", "text": "number,name,role\nx y,王芳,agent\n"})
    assert 'value="import"' not in text(shown)
    assert root.post("/desk/people/import", {"act": "import", "text": "junk"}).status_code == 422


def test_roles_are_given_and_withdrawn_on_the_page_of_a_person(root: Client) -> None:
    alice = given.an_agent("alice")
    until = {"act": "grant", "role": "lead", "team": "service", "until": "2026-03-06T17:00"}
    assert root.post("/desk/people/alice", until).status_code == 302
    assert Grant.objects.get(staff=alice, role__code="lead").until == given.FRIDAY_17
    root.post("/desk/people/alice", {"act": "withdraw", "role": "lead", "team": "service"})
    assert not Grant.objects.filter(staff=alice, role__code="lead").exists()


def test_what_is_written_about_a_person_is_changed(root: Client) -> None:
    given.an_agent("alice")
    root.post("/desk/people/alice", {"act": "describe", "name": "王芳", "language": "en", "seniority": "7"})
    alice = Staff.objects.get(number="alice")
    assert (alice.name, alice.language, alice.seniority) == ("王芳", "en", 7)


def test_leaving_asks_who_takes_over_and_moves_the_work(root: Client) -> None:
    alice, bob = given.an_agent("alice"), given.an_agent("bob")
    case = given.a_case(handler=alice, status="open")
    assert root.post("/desk/people/alice", {"act": "leave", "to": ""}).status_code == 422
    assert root.post("/desk/people/alice", {"act": "leave", "to": "bob"}).status_code == 200
    assert given.fresh(case).handler == bob
    answer = root.post("/desk/people/alice", {"act": "come_back"})
    assert re.search(r"<code>\w+-\w+-\w+</code>", text(answer))


def test_an_administrator_ends_the_sessions_and_the_password_of_somebody(root: Client) -> None:
    alice = given.an_agent("alice")
    browser = given.at_desk(alice)
    root.post("/desk/people/alice", {"act": "end"})
    assert browser.get("/desk").status_code == 302
    assert "<code>" in text(root.post("/desk/people/alice", {"act": "password"}))
    assert Staff.objects.get(number="alice").must_change_password


def test_the_last_administrator_is_told_why_their_right_stays(root: Client) -> None:
    answer = root.post("/desk/people/root", {"act": "withdraw", "role": "administrator", "team": ""})
    assert answer.status_code == 422
    assert root.get("/desk/people").status_code == 200


def test_teams_and_sites_are_edited_and_a_ring_is_refused(root: Client) -> None:
    body = {"act": "team", "code": "returns", "name_zh": "退货组", "name_en": "Returns", "site": "main"}
    more = {"parent": "service", "deputies": "", "functions": "logistics，warehouse", "supervision": "on"}
    assert root.post("/desk/teams", {**body, **more}).status_code == 302
    assert Team.objects.get(code="returns").functions == ["logistics", "warehouse"]
    assert root.post("/desk/teams", {**body, "parent": "returns"}).status_code == 422
    assert root.post("/desk/teams", {"act": "retire", "code": "returns"}).status_code == 302
    assert root.post("/desk/teams", {"act": "restore", "code": "returns"}).status_code == 302
    site = {"act": "site", "code": "shop", "name_zh": "商城", "name_en": "Shop", "zone": "Asia/Shanghai"}
    root.post("/desk/teams", {**site, "language": "en", "calendar": "office"})
    assert Site.objects.get(code="shop").language == "en"


def test_a_refused_team_form_stands_open_with_all_that_was_typed(root: Client) -> None:
    body = {
        "act": "team",
        "is_new": "1",
        "code": "night",
        "name_zh": "夜班",
        "name_en": "Night",
        "site": "main",
    }
    answer = root.post(
        "/desk/teams", {**body, "lead": "nobody9", "functions": "returns", "supervision": "on"}
    )
    page = text(answer)
    assert answer.status_code == 422 and page.count("<details open>") == 1
    opened = page.partition("<details open>")[2].partition("</details>")[0]
    for typed in ('value="night"', 'value="夜班"', 'value="Night"', 'value="nobody9"', 'value="returns"'):
        assert typed in opened
    assert re.search(r'name="supervision"\s+checked', opened)
    assert "nobody9" in page.partition('role="alert"')[2].partition("</p>")[0]


def test_a_new_form_never_changes_what_has_the_code_already(root: Client) -> None:
    names = {"is_new": "1", "name_zh": "新", "name_en": "New"}
    team = {**names, "act": "team", "code": "service", "site": "main", "is_default": "on"}
    assert root.post("/desk/teams", team).status_code == 422
    assert (
        root.post("/desk/roles", {**names, "act": "save", "code": "agent", "reach": "own"}).status_code == 422
    )
    assert Role.objects.get(code="agent").name["en"] == "agent"
    assert Team.objects.get(code="service").name["en"] != "New"


def test_a_refusal_names_what_is_unknown_in_words(root: Client) -> None:
    body = {"act": "grant", "role": "king", "team": ""}
    assert "king" in text(root.post("/desk/people/root", body))
    no_site = {"act": "team", "code": "night", "name_zh": "夜", "name_en": "Night"}
    assert "请选择站点" in text(root.post("/desk/teams", no_site))


def test_the_form_of_a_new_team_offers_every_site(root: Client) -> None:
    page = root.get("/desk/teams").content.decode()
    assert page.count('<option value="main"') == len(teams.everything()) + 1


def test_roles_are_edited_on_their_page(root: Client) -> None:
    body = {"act": "save", "code": "night", "name_zh": "夜班", "name_en": "Night", "reach": "own"}
    assert root.post("/desk/roles", {**body, "permissions": ["case.read", "case.work"]}).status_code == 302
    assert Role.objects.get(code="night").permissions == ["case.read", "case.work"]
    assert root.post("/desk/roles", {**body, "permissions": ["everything"]}).status_code == 422
    assert root.post("/desk/roles", {"act": "retire", "code": "night"}).status_code == 302


def test_a_token_is_shown_once_and_revoked(root: Client) -> None:
    made = root.post("/desk/accounts", {"act": "make", "name": "crm", "scopes": ["cases:read"]})
    found = re.search(r"<code>(hy_[\w-]+)</code>", text(made))
    assert found is not None
    assert found[1] not in text(root.get("/desk/accounts"))
    program = given.with_token(found[1])
    assert program.get("/api/v1/cases").status_code == 200
    root.post("/desk/accounts", {"act": "revoke", "token": str(Token.objects.get().uuid)})
    assert program.get("/api/v1/cases").status_code == 401
    assert root.post("/desk/accounts", {"act": "make", "name": "crm"}).status_code == 422


def test_a_leak_is_registered_and_settled(root: Client) -> None:
    known = given.a_customer().number
    body = {"act": "register", "fields": ["phone", "email"], "persons": known, "what_happened": "名单外传"}
    refused = root.post("/desk/leaks", {**body, "persons": f"{known}, C999999"})
    assert (refused.status_code, Leak.objects.count()) == (422, 0)
    for kept in (
        f'value="{known}, C999999"',
        'value="phone" checked',
        'value="email" checked',
        "名单外传</textarea>",
        "C999999",
    ):
        assert kept in refused.content.decode()
    assert root.post("/desk/leaks", body).status_code == 302
    leak = Leak.objects.get()
    root.post("/desk/leaks", {"act": "measures", "leak": str(leak.uuid), "measures": "已通知", "done": "on"})
    leak.refresh_from_db()
    assert leak.closed_at == given.MONDAY_9
    assert root.post("/desk/leaks", {**body, "what_happened": ""}).status_code == 422


def test_a_person_ends_their_own_session_elsewhere() -> None:
    alice = given.an_agent("alice")
    here, there = given.at_desk(alice), given.at_desk(alice)
    refs = re.findall(r'name="ref" value="(\w+)"', text(here.get("/desk/me")))
    elsewhere = sessions.ref_of(there.session.session_key)
    assert len(refs) == 2 and elsewhere in refs
    here.post("/desk/me", {"act": "end", "ref": elsewhere})
    assert (here.get("/desk").status_code, there.get("/desk").status_code) == (200, 302)
    third = given.at_desk(alice)
    here.post("/desk/me", {"act": "end_others"})
    assert (here.get("/desk").status_code, third.get("/desk").status_code) == (200, 302)


def test_a_lead_lends_a_role_and_the_borrower_hands_it_back() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    body = {"act": "lend", "to": "alice", "role": "lead", "team": "service", "until": "2026-03-06T17:00"}
    assert given.at_desk(lena).post("/desk/me", body).status_code == 302
    assert given.seen_by(alice).may("case.reassign")
    back = {"act": "hand_back", "to": "alice", "role": "lead", "team": "service"}
    assert given.at_desk(given.an_agent("bob")).post("/desk/me", back).status_code == 422
    assert given.at_desk(alice).post("/desk/me", back).status_code == 302
    assert not given.seen_by(alice).may("case.reassign")


def test_an_agent_cannot_lend() -> None:
    given.a_lead()
    alice = given.at_desk(given.an_agent("alice"))
    given.an_agent("bob")
    body = {"act": "lend", "to": "bob", "role": "agent", "team": "service", "until": "2026-03-06T17:00"}
    assert alice.post("/desk/me", body).status_code == 422


def test_the_auditor_searches_and_checks_the_chain_and_nobody_else_does(root: Client) -> None:
    audit.write("export.made", "cases:all", by=OPERATOR, at=given.MONDAY_9)
    auditor = given.at_desk(given.a_person("auditor", role="auditor", team=None))
    assert "export.made" in text(auditor.get("/desk/audit?what=export&since=2026-03-02&until=2026-03-02"))
    assert "export.made" not in text(auditor.get("/desk/audit?until=2026-03-01"))
    audit.seal()
    assert "alert--good" in text(auditor.post("/desk/audit/verify"))
    for path in ("/desk/audit", "/desk/audit?who=root"):
        assert root.get(path).status_code == 403
    for path in ("/desk/people", "/desk/teams", "/desk/roles", "/desk/accounts", "/desk/leaks"):
        assert auditor.get(path).status_code == 403


def test_the_trail_is_read_page_by_page() -> None:
    for n in range(60):
        audit.write("thing.done", f"thing:{n}", by=OPERATOR, at=given.MONDAY_9)
    auditor = given.at_desk(given.a_person("auditor", role="auditor", team=None))
    first = text(auditor.get("/desk/audit?what=thing"))
    following = re.search(r'href="(/desk/audit\?[^"]+)"', first)
    assert following is not None
    second = text(auditor.get(following[1].replace("&amp;", "&")))
    shown = re.findall(r"thing:\d+", first + second)
    assert len(shown) == len(set(shown)) == 60


def test_the_agreement_is_signed_with_the_scope_once_and_never_without_the_tick() -> None:
    alice = given.an_agent("alice")
    Confidentiality.objects.all().delete()
    browser = given.at_desk(alice)
    assert browser.get("/desk").headers["Location"] == "/scope"
    assert 'name="agreed"' in text(browser.get("/scope"))
    refused = browser.post("/scope", {"version": "1"})
    assert (refused.status_code, Confidentiality.objects.exists()) == (422, False)
    assert browser.post("/scope", {"version": "0", "agreed": "yes"}).status_code == 422
    assert browser.post("/scope", {"version": "1", "agreed": "yes"}).headers["Location"] == "/desk"
    assert browser.get("/desk").status_code == 200
    assert 'name="agreed"' not in text(browser.get("/scope"))
    assert AuditRow.objects.filter(action="agreement.signed", by_ref="alice").exists()
    assert given.on_duty(alice).presence.state == "online"
