"""The escalation chain: a team's lead, then its parent's, up the tree."""

from huiyin.staff.models import Staff, Team


def leads_above(team: Team) -> list[Staff]:
    """Return the active leads from this team upwards, each once, nearest first."""
    found: list[Staff] = []
    step: Team | None = team
    while step is not None:
        lead = step.lead
        if lead is not None and lead.is_active and lead not in found:
            found.append(lead)
        step = step.parent
    return found
