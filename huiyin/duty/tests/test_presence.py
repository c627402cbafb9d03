"""Presence: recorded when it changes, refused when it is no state."""

import pytest

from huiyin.base.models import Fact
from huiyin.duty import presence
from tests import given
from tests.given import MONDAY_9

pytestmark = pytest.mark.django_db


def test_a_change_is_recorded_once_and_the_same_again_is_none() -> None:
    alice = given.an_agent()
    for state in ("online", "online", "busy"):
        presence.change(alice, state, by=given.actor(alice), at=MONDAY_9)
    states = (
        Fact.objects.filter(kind="presence.changed").order_by("id").values_list("payload__state", flat=True)
    )
    assert list(states) == ["online", "busy"]
    assert presence.of(alice) == "busy"


@pytest.mark.parametrize("state", ["", "ONLINE", "root", "on call"])
def test_what_is_no_state_is_refused(state: str) -> None:
    alice = given.an_agent()
    with pytest.raises(ValueError, match="no presence"):
        presence.change(alice, state, by=given.actor(alice), at=MONDAY_9)
    assert presence.of(alice) == "offline"
    assert given.at_desk(alice).post("/desk/presence", {"state": state}).status_code == 400
