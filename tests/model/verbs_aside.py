"""The verbs beside the work: passing a case on, the customer's clicks, tags, erasing words. Sleep and silence pass with
time (see verbs)."""

from huiyin.cases import outcome, passing, redacting, tagging
from huiyin.cases.redacting import Wanted
from huiyin.staff.models import Team
from tests import given
from tests.model import aside, book
from tests.model.ground import CASE, PEOPLE, PERSON, WORKS_IN, Ground
from tests.model.walking import one_of, verb, whole


class AsideOfIt(Ground):
    @verb(no=CASE, by=PERSON, team=one_of([book.HOME, book.OTHER]), to=one_of(["", "", *PEOPLE]))
    def passes_on(self, no: int, by: str, team: str, to: str) -> None:
        kase = self.kase(no)
        case, into = self.case(kase), Team.objects.get(code=team)
        person = self.people[to] if to else None
        self.both(
            lambda: passing.transfer(case, into, "归他们管", to=person, by=self.actor(by), at=self.at),
            lambda: aside.transfer(kase, team, to, WORKS_IN.get(to, ""), by, self.at),
        )

    @verb(no=CASE, by=PERSON)
    def gives_back(self, no: int, by: str) -> None:
        kase = self.kase(no)
        self.both(
            lambda: passing.give_back(self.case(kase), "请别人看", by=self.actor(by), at=self.at),
            lambda: aside.give_back(kase, by, self.at),
        )

    @verb(often=2, no=CASE, says=one_of(["satisfied", "pending", "dissatisfied"]))
    def the_customer_clicks(self, no: int, says: str) -> None:
        asked = [one for one in self.cases if one.status == "resolved"] or self.cases
        kase = asked[no % len(asked)]
        case = self.case(kase)
        self.both(
            lambda: outcome.tell(case, says, how="customer", by=given.customer_of(case), at=self.at),
            lambda: aside.clicks(kase, says, self.at),
        )

    @verb(often=0.5, no=CASE, by=PERSON, word=one_of(list(aside.KEYS)), puts=one_of([True, True, False]))
    def tags(self, no: int, by: str, word: str, puts: bool) -> None:
        kase = self.kase(no)
        case, actor = self.case(kase), self.actor(by)
        product, model = (tagging.tag, aside.tag) if puts else (tagging.untag, aside.untag)
        self.both(lambda: product(case, word, by=actor, at=self.at), lambda: model(kase, word))

    @verb(often=0.5, no=CASE, by=PERSON, nth=whole(0, 8), passage=one_of(["没好", "电脑", ""]))
    def erases(self, no: int, by: str, nth: int, passage: str) -> None:
        kase = self.kase(no)
        seq = list(kase.messages)[nth % len(kase.messages)]
        wanted = Wanted(seq, (passage,) if passage else (), whole=not passage)
        self.both(
            lambda: redacting.redact(
                self.case(kase), wanted, reason="客户要求", by=self.actor(by), at=self.at
            ),
            lambda: aside.redact(kase, seq, passage),
        )
