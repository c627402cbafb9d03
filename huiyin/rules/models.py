from django.db import models

from huiyin.base.configured import Configured


class Category(Configured):
    """What a case is about. A top category has no parent; `needs` names what must be known to work on it.

    `ask_missing`: the customer is asked for what is missing by itself, for this category and those under it.
    `without_customer`: a colleague may open such a case for what they noticed themselves.
    `needs_management`: when such a case is raised, as `rules.management` says.
    `silence_days`: after so many working days silence confirms a result; None: as the category above says.
    """

    parent = models.CharField(max_length=60, default="", blank=True)
    name = models.JSONField()
    priority = models.CharField(max_length=10, default="normal")
    team = models.CharField(max_length=60, default="", blank=True)
    needs = models.JSONField(default=list)
    ask_missing = models.BooleanField(default=False)
    silence_confirms = models.BooleanField(default=True)
    silence_days = models.PositiveSmallIntegerField(null=True)
    evidence = models.BooleanField(default=False)
    without_customer = models.BooleanField(default=False)
    needs_management = models.JSONField(default=list)
    goal = models.CharField(max_length=60, default="", blank=True)
    procedure = models.CharField(max_length=60, default="", blank=True)


class Goal(Configured):
    """What serving a customer in a matter is for; categories name one by its code."""

    name = models.JSONField()


class PhraseRule(Configured):
    """A phrase that decides something; `matches` and `ignores` are its own samples, run by `pack check`."""

    text = models.CharField(max_length=500)
    is_pattern = models.BooleanField(default=False)
    excludes = models.JSONField(default=list)
    weight = models.PositiveSmallIntegerField(default=1)
    effects = models.JSONField(default=dict)
    matches = models.JSONField(default=list)
    ignores = models.JSONField(default=list)


class Calendar(Configured):
    """Opening hours as `PUT /calendars/{code}` takes them."""

    definition = models.JSONField()


class HolidayYear(Configured):
    """One year of public holidays and make-up days (code = year), with how sure it is."""

    status = models.CharField(max_length=12)
    days = models.JSONField(default=list)


class PromisePolicy(Configured):
    """When a promise of a kind is owed, by whom, and by when. Empty lists match everything.

    `opens`: with the case, with a later message that nobody answered yet, when it is resolved, when the service ends,
    or by hand (what an option promises).
    `climbs`: whether breaking it raises the case to the next lead. `average_s`: what the average shall be at most.
    """

    kind = models.CharField(max_length=40)
    opens = models.CharField(max_length=12, default="case")
    debtor = models.CharField(max_length=10, default="handler")
    climbs = models.BooleanField(default=True)
    only_complex = models.BooleanField(default=False)
    seconds = models.PositiveIntegerField(null=True)
    average_s = models.PositiveIntegerField(null=True)
    working_days = models.PositiveSmallIntegerField(null=True)
    not_before_days = models.PositiveSmallIntegerField(null=True)
    month_days = models.JSONField(default=list)
    cut_off = models.CharField(max_length=5, default="", blank=True)
    calendar = models.CharField(max_length=60, default="", blank=True)
    channels = models.JSONField(default=list)
    categories = models.JSONField(default=list)
    not_categories = models.JSONField(default=list)
    priorities = models.JSONField(default=list)
    pauses_for = models.JSONField(default=list)
    warn = models.JSONField(default=list)


class LanguageRule(Configured):
    """What a reply must not say, or must say; `definition` is the record that the language engine builds."""

    definition = models.JSONField()


class Wording(Configured):
    """A text that the system sends, in both languages."""

    text = models.JSONField()


class Procedure(Configured):
    """A stage graph: what comes after what, who does it, what is filled in and promised."""

    definition = models.JSONField()


class Form(Configured):
    """A schema of fields, filled in at a stage or by a category."""

    definition = models.JSONField()


class Limit(Configured):
    """Up to which value a role may grant a kind of compensation by itself; above it somebody approves."""

    role = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=12, decimal_places=2)


class Macro(Configured):
    """What one click does to a case, as `rules.macros` describes it; None and empty mean: not this."""

    name = models.JSONField()
    teams = models.JSONField(default=list)
    categories = models.JSONField(default=list)
    reply = models.JSONField(null=True)
    promise = models.JSONField(null=True)
    request = models.JSONField(null=True)
    tags = models.JSONField(default=list)
    sets = models.JSONField(default=dict)
