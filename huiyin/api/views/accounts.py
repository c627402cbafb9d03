"""Service accounts and their tokens by API: list, make, revoke."""

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import stamp
from huiyin.base import clock
from huiyin.staff import people, tokens
from huiyin.staff.models import Token

router = Router(auth=Bearer("admin"), tags=["people"])


class TokenIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9_-]{1,16}$")]
    scopes: list[str] = Field(min_length=1, max_length=20)
    channels: list[str] = Field(default_factory=list, max_length=50)
    expires_at: AwareDatetime | None = None


@router.get("", response=dict, summary="Service accounts with their tokens")
def list_accounts(request: HttpRequest) -> dict[str, Any]:
    accounts = people.found(kind="service")
    return {
        "items": [
            {"number": account.number, "tokens": [_token(token) for token in tokens.of(account)]}
            for account in accounts
        ]
    }


@router.post("", response={201: dict}, summary="A new token; it is shown this once")
def make_token(request: HttpRequest, body: TokenIn) -> Status[dict[str, Any]]:
    """Make the account when there is none of this name; it holds the role integration."""
    by, at = viewer_of(request).actor, clock.now()
    account = people.join_service(body.name, role="integration", by=by, at=at)
    made = tokens.make(account, body.scopes, by=by, at=at, channels=body.channels, expires_at=body.expires_at)
    return Status(201, {"account": account.number, "token": made})


@router.delete("/tokens/{token_id}", response=dict, summary="End a token at once")
def revoke(request: HttpRequest, token_id: UUID) -> dict[str, Any]:
    if not tokens.revoke(token_id, by=viewer_of(request).actor, at=clock.now()):
        raise Http404
    return {"id": str(token_id), "revoked": True}


def _token(token: Token) -> dict[str, Any]:
    return {
        "id": str(token.uuid),
        "scopes": token.scopes,
        "channels": token.channels,
        "made_at": stamp(token.made_at),
        "used_at": stamp(token.used_at),
        "expires_at": stamp(token.expires_at),
        "revoked_at": stamp(token.revoked_at),
    }
