"""/channels: the list, where a channel's answers go, and the secret of what comes in signed."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.channels import accounts

router = Router(auth=Bearer("config:write"), tags=["channels"])


@router.get("", response=dict, summary="The channels in use; never a secret")
def list_channels(request: HttpRequest) -> dict[str, Any]:
    return {
        "items": [
            {
                "code": row.code,
                "kind": row.kind,
                "callback_url": row.callback_url or None,
                "signed": bool(row.signing_secret),
            }
            for row in accounts.everything()
        ]
    }


class CallbackAddressIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    callback_url: str = Field("", max_length=500)


@router.put("/{code}", response=dict, summary="Set where answers are delivered")
def set_callback(request: HttpRequest, code: str, body: CallbackAddressIn) -> dict[str, Any]:
    try:
        secret = accounts.set_callback(code, body.callback_url, by=viewer_of(request).actor, at=clock.now())
    except accounts.Unknown:
        raise Problem(404, "not_found", f"There is no channel {code}.") from None
    except accounts.BadAddress as error:
        raise Problem(422, "invalid", str(error), fields={"callback_url": "refused"}) from None
    return {"code": code, "callback_url": body.callback_url, "signing_secret": secret}


class SigningIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    on: bool


@router.put("/{code}/signing", response=dict, summary="A new secret for messages that come in signed")
def set_signing(request: HttpRequest, code: str, body: SigningIn) -> dict[str, Any]:
    """The secret is shown this once; the one before ends. `on` false ends it without another."""
    try:
        secret = accounts.set_signing(code, on=body.on, by=viewer_of(request).actor, at=clock.now())
    except accounts.Unknown:
        raise Problem(404, "not_found", f"There is no channel {code}.") from None
    return {"code": code, "on": body.on, "signing_secret": secret}
