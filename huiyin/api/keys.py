"""The middleware behind `Idempotency-Key`: a POST that carries one has its effect once, however often it is sent."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from huiyin.base import clock, once, secrets, tx
from huiyin.base.problem import Problem, busy, unavailable
from huiyin.staff import tokens

PREFIX = "/api/v1/"
# These have a key of their own in the body, and wait for other writers, which must not happen inside a transaction.
OWN_KEY = ("/api/v1/inbound",)
LENGTH = 120


class _Undone(Exception):
    """The answer is a refusal: what was written on the way goes, the answer stays."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


class Keys:
    """Keys are scoped to the token. A refusal is kept like any answer; 429 and failures of ours are not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("Idempotency-Key")
        if given is None or request.method != "POST" or not request.path.startswith(PREFIX):
            return self._get_response(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if request.path.startswith(OWN_KEY) or scheme.lower() != "bearer":
            return self._get_response(request)
        try:
            if tokens.viewer_of(token, at=clock.now()) is None:
                return self._get_response(request)
            return self._once(request, _key(request, given, token))
        except Problem as error:
            return error.response()
        except tx.Busy:
            return busy().response()
        except tx.Unavailable:
            return unavailable().response()

    def _once(self, request: HttpRequest, key: once.Key) -> HttpResponseBase:
        if (before := _begun(key)) is not None:
            return _again(before)
        try:
            with tx.write():
                response = self._answer(request)
                once.finish(key, _kept(response))
        except _Undone as undone:
            response = undone.response
            if response.status_code >= 500 or response.status_code == 429:
                once.give_up(key)
            else:
                once.finish(key, _kept(response))
        except once.TakenOver:
            raise _in_progress() from None
        except (tx.Busy, tx.Unavailable):
            with suppress(tx.Busy, tx.Unavailable):
                once.give_up(key)
            raise
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        assert isinstance(response, HttpResponse)
        if response.status_code >= 400:
            raise _Undone(response)
        return response


def _key(request: HttpRequest, given: str, token: str) -> once.Key:
    if not (0 < len(given) <= LENGTH and given.isascii() and given.isprintable()):
        detail = f"An Idempotency-Key is 1 to {LENGTH} printable characters of ASCII."
        raise Problem(422, "invalid", detail, fields={"Idempotency-Key": "unusable"})
    asked = f"{request.get_full_path()}\n".encode() + request.body
    scope = f"token:{secrets.digest('token', token)}"
    return once.Key(scope, given, hashlib.sha256(asked).hexdigest(), clock.now())


def _begun(key: once.Key) -> once.Answered | None:
    try:
        return once.begin(key)
    except once.Running:
        raise _in_progress() from None
    except once.Reused:
        detail = "This Idempotency-Key was used for another request; nothing was written. Use a new one."
        raise Problem(422, "key_reused", detail) from None


def _in_progress() -> Problem:
    detail = "The same request is being worked on. Send it again in a moment to get its answer."
    return Problem(409, "in_progress", detail, retry_after_s=1)


def _kept(response: HttpResponse) -> once.Answered:
    told = {"type": response.headers["Content-Type"], "body": response.content.decode()}
    return once.Answered(response.status_code, json.dumps(told, ensure_ascii=False))


def _again(before: once.Answered) -> HttpResponse:
    told = json.loads(before.body)
    response = HttpResponse(told["body"], status=before.status, content_type=told["type"])
    response["Idempotency-Replayed"] = "true"
    return response
