"""The channels section of a pack: the accounts that a new organisation starts with."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from huiyin.base.configured import Merged, merge
from huiyin.channels.models import Account


class AccountPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Literal["form", "api", "chat", "phone", "email", "wecom", "wechat", "sms", "shop", "manual"]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    accounts: dict[str, AccountPart] = {}


def apply(section: Section, *, origin: str, at: datetime) -> Merged:
    """Merge the accounts."""
    return merge(
        Account, {code: part.model_dump() for code, part in section.accounts.items()}, origin=origin, at=at
    )
