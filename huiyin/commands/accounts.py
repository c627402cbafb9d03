"""huiyin admin create|reset|remove-factor and huiyin token create: who may come in."""

import argparse
import sys
from typing import Any

from django.utils.timezone import localtime

from huiyin.base import clock
from huiyin.base.actor import OPERATOR
from huiyin.commands.say import Complaint
from huiyin.staff import people, second_factor, tokens
from huiyin.staff.models import Staff


def add_to(commands: Any) -> None:
    admin = commands.add_parser("admin", help="administrators").add_subparsers(required=True)
    create = admin.add_parser("create", help="create an administrator; prints a one-time password")
    create.add_argument("number", help="employee number, such as CS2024001")
    create.add_argument("--name", default="", help="the person's name")
    create.set_defaults(run=_create)
    reset = admin.add_parser("reset", help="give a person a new one-time password")
    reset.add_argument("number")
    reset.set_defaults(run=_reset)
    remove = admin.add_parser("remove-factor", help="take away a second factor that was lost")
    remove.add_argument("number")
    remove.set_defaults(run=_remove_factor)
    token = commands.add_parser("token", help="API tokens").add_subparsers(required=True)
    make = token.add_parser("create", help="make a token; it is shown this once")
    make.add_argument(
        "--name", required=True, help="what it is for; tokens of one name share a service account"
    )
    make.add_argument("--scope", action="append", required=True, help="a scope, or all; may be repeated")
    make.add_argument(
        "--channel", action="append", default=[], help="bind it to this channel; may be repeated"
    )
    make.set_defaults(run=_token)


def _create(arguments: argparse.Namespace) -> None:
    name = arguments.name or arguments.number
    try:
        staff, password = people.join(
            arguments.number, name, role="administrator", team=None, by=OPERATOR, at=clock.now()
        )
    except people.NumberTaken:
        raise Complaint(
            f"{arguments.number} exists; for a new password: huiyin admin reset {arguments.number}"
        ) from None
    except people.Unknown:
        raise Complaint("the roles are not installed yet; first run: huiyin setup") from None
    print(f"{staff.number} {password}")
    _tell_until(staff)


def _reset(arguments: argparse.Namespace) -> None:
    try:
        print(people.reset_password(arguments.number, by=OPERATOR, at=clock.now()))
        _tell_until(Staff.objects.get(number__iexact=arguments.number))
    except people.Unknown:
        raise Complaint(
            f"nobody has the number {arguments.number}; create them: huiyin admin create NUMBER"
        ) from None


def _tell_until(staff: Staff) -> None:
    # Beside the answer, which scripts read.
    if staff.password_until is not None:
        until = localtime(staff.password_until)
        print(f"good for one sign-in until {until:%Y-%m-%d %H:%M}", file=sys.stderr)


def _remove_factor(arguments: argparse.Namespace) -> None:
    staff = people.one(arguments.number)
    if staff is None:
        raise Complaint(f"nobody has the number {arguments.number}")
    if not second_factor.take_away(staff, by=OPERATOR, at=clock.now()):
        raise Complaint(f"{arguments.number} has no second factor")
    print(f"{arguments.number} signs in by password alone; their sessions have ended")


def _token(arguments: argparse.Namespace) -> None:
    scopes = [scope for given in arguments.scope for scope in given.replace(",", " ").split()]
    at = clock.now()
    try:
        account = people.join_service(arguments.name, role="integration", by=OPERATOR, at=at)
        print(tokens.make(account, scopes, channels=arguments.channel, by=OPERATOR, at=at))
    except tokens.UnknownScope as error:
        raise Complaint(str(error)) from None
    except people.Unknown:
        raise Complaint("the roles are not installed yet; first run: huiyin setup") from None
