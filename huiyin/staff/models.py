from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from huiyin.base.configured import Configured
from huiyin.base.ids import uuid7
from huiyin.base.texts import in_words


class Site(models.Model):
    """A brand, shop or estate; every case belongs to one."""

    code = models.SlugField(unique=True)
    name = models.JSONField()
    zone = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    calendar = models.CharField(max_length=50)
    # Customers of whom nothing was heard for so long are erased; None keeps them.
    keep_customers_days = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return in_words(self.name)


class Team(models.Model):
    """A team in the tree; promises that break climb it."""

    code = models.SlugField(unique=True)
    name = models.JSONField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    lead = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="leads")
    deputies: "models.ManyToManyField[Staff, Any]" = models.ManyToManyField("Staff", related_name="deputy_of")
    contact = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="contact_of")
    functions = models.JSONField(default=list)
    supervision = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True)
    is_default = models.BooleanField(default=False)
    # The code of a calendar; empty: that of the site.
    calendar = models.CharField(max_length=60, default="", blank=True)

    def __str__(self) -> str:
        return in_words(self.name)


class StaffManager(BaseUserManager["Staff"]):
    def get_by_natural_key(self, number: str | None) -> "Staff":
        return self.get(number=number)


class Staff(AbstractBaseUser):
    """A person inside, or a service account (which signs in by token only)."""

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(
        max_length=8, default="person", choices=[("person", "person"), ("service", "service")]
    )
    language = models.CharField(max_length=8, default="zh-hans")
    seniority = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    # Until when a password that was given is good; None: without end, as those given before this was kept.
    password_until = models.DateTimeField(null=True)
    joined_at = models.DateTimeField()

    objects: ClassVar[StaffManager] = StaffManager()
    USERNAME_FIELD = "number"

    def __str__(self) -> str:
        return self.name


class FormerPassword(models.Model):
    """The digest of a password that a person chose, the present one among them; `at` says since when."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="former_passwords")
    encoded = models.CharField(max_length=128)
    at = models.DateTimeField()


class SecondFactor(models.Model):
    """The key that a person shares with the app on their phone, sealed, and the last step whose code was taken."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="second_factor")
    sealed = models.TextField()
    last_step = models.BigIntegerField()
    since = models.DateTimeField()


class RecoveryCode(models.Model):
    """A code for the day the phone is lost: only its digest is kept, and the row goes when it is used."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)


class Role(Configured):
    """A set of rights with a reach; the pack ships them, administrators edit them."""

    name = models.JSONField()
    permissions = models.JSONField(default=list)
    reach = models.CharField(max_length=4, default="own")
    # Set by administrators only, never by a pack: whoever has the role signs in with a second factor.
    second_factor = models.BooleanField(default=False)

    def __str__(self) -> str:
        return in_words(self.name)


class Grant(models.Model):
    """A role given to a person, until a time or on: for a team and its branch, some sites, some categories, or all.

    `sites` are row numbers, so that no page asks once more for them; sites are never deleted.
    """

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    categories = models.JSONField(default=list)
    sites = models.JSONField(default=list)
    until = models.DateTimeField(null=True)
    lent_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="lent")
    stands_in_for = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="stood_in_for")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "role", "team"], name="grant_once", nulls_distinct=False)
        ]


class Token(models.Model):
    """An API token of a service account: only its digest is kept; `channels` bind it to accounts when not empty."""

    uuid = models.UUIDField(default=uuid7, unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    channels = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Agreement(Configured):
    """The words of the confidentiality agreement in force; a new version is signed anew."""

    version = models.CharField(max_length=20)
    text = models.JSONField()

    @property
    def paragraphs(self) -> list[str]:
        """The words as the reader of this moment reads them, paragraph by paragraph; the first is the title."""
        return in_words(self.text).splitlines()


class Confidentiality(models.Model):
    """A signed confidentiality agreement; without one nobody is given access to customers."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="confidentiality")
    version = models.CharField(max_length=20)
    signed_at = models.DateTimeField()


class Leak(models.Model):
    """A leak of personal data: who, which fields, what was done."""

    uuid = models.UUIDField(default=uuid7, unique=True)
    noticed_at = models.DateTimeField()
    persons = models.JSONField(default=list)
    fields = models.JSONField(default=list)
    what_happened = models.TextField()
    measures = models.TextField(default="", blank=True)
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT)
    closed_at = models.DateTimeField(null=True)


class SignInFailure(models.Model):
    """One failed sign-in; locks count these by account and network (or the name of a known device in its place)."""

    number = models.CharField(max_length=20)
    network = models.CharField(max_length=45)
    at = models.DateTimeField()
    # The password was right: whoever fails here is no stranger, and is counted wherever they come from.
    of_code = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["number", "network", "at"], name="failure_by_account"),
            models.Index(fields=["network", "at"], name="failure_by_network"),
        ]


class Session(AbstractBaseSession):
    """A signed-in browser. Deleting the row ends it at the next request."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, null=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        # Django's own contract for a session model; the store lives beside it.
        from huiyin.staff.sessions import SessionStore  # noqa: PLC0415 sessions imports this module

        return SessionStore
