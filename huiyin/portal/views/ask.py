"""GET and POST /ask: the message form for everybody."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huiyin.base import clock, files, ids, rates, tx
from huiyin.base.web import network_of
from huiyin.cases import links
from huiyin.channels.inbound import Attachment, Inbound
from huiyin.customers.recognise import Sender
from huiyin.intake import writer
from huiyin.intake.accept import Accepted
from huiyin.portal import needs

CHANNEL = "form"
PER_NETWORK = rates.Rate("ask", 20, timedelta(minutes=10))


class MultipleFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    widget = MultipleFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > 5:
            raise forms.ValidationError(_("Send at most 5 files."))
        for one in given:
            if one.size > files.LIMIT_BYTES:
                raise forms.ValidationError(
                    _("%(name)s is larger than 20 MB.") % {"name": files.clean_name(one.name)}
                )
        return list(given)


class AskForm(forms.Form):
    """`once` makes a second sending of the same page a duplicate, not a second case."""

    name = forms.CharField(
        label=_("Your name"), max_length=60, error_messages={"required": _("Tell us how to address you.")}
    )
    contact = forms.CharField(
        label=_("Phone or e-mail"),
        max_length=120,
        error_messages={
            "required": _("Leave a phone number or an e-mail address, so that we can answer you.")
        },
    )
    text = forms.CharField(
        label=_("How can we help?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Describe your matter in a few words.")},
    )
    unit = forms.CharField(label=_("Company or unit"), max_length=120, required=False)
    need = forms.ChoiceField(label=_("What is it about?"), choices=needs.offered, required=False)
    attached = FilesField(label=_("Pictures or files"), required=False)
    once = forms.UUIDField(widget=forms.HiddenInput)

    def clean_contact(self) -> str:
        contact = str(self.cleaned_data["contact"]).strip()
        digits = sum(c.isdigit() for c in contact)
        is_email = contact.count("@") == 1 and "." in contact.rpartition("@")[2] and " " not in contact
        is_phone = 7 <= digits <= 15 and all(c.isdigit() or c in "+-() " for c in contact)
        if not is_email and not is_phone:
            raise forms.ValidationError(_("This is neither a phone number nor an e-mail address."))
        return contact


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST or None, request.FILES or None, initial={"once": ids.uuid7()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                rates.take(PER_NETWORK, network_of(request), at=clock.now())
                return _answer(request, _send(request, form.cleaned_data))
            except rates.TooMany as error:
                status = 429
                form.add_error(
                    None,
                    _("Too many messages came from your network. Please try again in %(n)s minutes.")
                    % {"n": error.minutes},
                )
            except (tx.Busy, tx.Unavailable):
                status = 503
                form.add_error(
                    None,
                    _(
                        "We cannot take messages at this moment. What you wrote is still here: please send it again."
                    ),
                )
    return render(request, "portal/ask.html", {"form": form}, status=status)


def _answer(request: HttpRequest, accepted: Accepted) -> HttpResponse:
    if accepted.case is not None:
        return redirect("follow", token=links.token(accepted.case))
    title, text = _("We have your message."), _("A colleague will read it and answer you; nothing is lost.")
    return render(request, "portal/error.html", {"title": title, "text": text}, status=202)


def _send(request: HttpRequest, given: dict[str, Any]) -> Accepted:
    contact = given["contact"]
    language = "en" if get_language() == "en" else "zh-hans"
    once: UUID = given["once"]
    item = Inbound(
        channel=CHANNEL,
        external_id=str(once),
        sender=Sender(
            name=given["name"],
            unit=" ".join(given["unit"].split()),
            need=given["need"],
            **{"email" if "@" in contact else "phone": contact},
        ),
        text=given["text"],
        attachments=tuple(
            Attachment(f.name, f.content_type or "application/octet-stream", f.read())
            for f in given["attached"]
        ),
        meta={"ip": network_of(request), "user_agent": request.headers.get("User-Agent", "")[:300]},
        language=language,
    )
    # The same page sent again with other words is another message: only the same words are a duplicate.
    return writer.submit(replace(item, external_id=f"{once}.{item.digest()[:16]}"), at=clock.now())
