"""Rows of org: accounts, departments, officers, posts, their permissions, and counted tries."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

from haihe.kernel.org.shift_models import (
    Absence,
    Dispatcher,
    GridPost,
    Shift,
    ShiftDay,
    ShiftDaySpan,
)

__all__ = [
    "Absence",
    "Account",
    "Accounts",
    "Department",
    "Dispatcher",
    "GridPost",
    "Officer",
    "Post",
    "PostPermission",
    "Posting",
    "Shift",
    "ShiftDay",
    "ShiftDaySpan",
    "Tries",
    "plain_name",
]


class Department(models.Model):
    """A department, district government or public-service institution.

    ``code`` is the city's own; ``name`` is ``{"zh": …, "en": …}``.
    """

    class Kind(models.TextChoices):
        DEPARTMENT = "department"
        DISTRICT = "district"
        INSTITUTION = "institution"

    code = models.CharField(max_length=40, primary_key=True)
    name = models.JSONField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    credit_code = models.CharField(max_length=18, blank=True)
    division = models.ForeignKey(
        "places.Division", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_active = models.BooleanField(default=True)


def plain_name(username: str) -> str:
    """A sign-in name in one Unicode form (NFKC), without spaces around it."""
    return unicodedata.normalize("NFKC", username).strip()


class Accounts(BaseUserManager["Account"]):
    """Makes and finds accounts."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of that sign-in name, whatever its capitals and width."""
        # Small letters as the unique index makes them: capitals would join ı with i.
        small = Lower(models.Value(plain_name(username or "")))
        return self.alias(small=Lower("username")).get(small=small)


class Account(AbstractBaseUser):
    """Whoever can sign in: an officer or a citizen. Holds no name and no number of a person.

    ``locked_at`` is the security administrator's lock; the lockout after wrong passwords is a
    ``Tries`` row. Raising ``session_epoch`` ends every session at the next request.
    ``has_given_password``: an officer set the password and so knows it; until the holder has
    chosen another, nothing else opens.
    """

    username = models.CharField(max_length=150, unique=True)
    is_active = models.BooleanField(default=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    session_epoch = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)
    has_given_password = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="zh-hans")
    made_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Accounts] = Accounts()

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("username"), name="one_account_a_name_in_any_capitals"),
        )

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Binds a session to password and epoch; Django drops a session whose hash differs."""
        bound = f"{self.password}:{self.session_epoch}"
        salt = "haihe.kernel.org.session"
        return salted_hmac(salt, bound, secret=secret, algorithm="sha256").hexdigest()


class Tries(models.Model):
    """Counted tries to sign in, for one name, one address or one account's second factor.

    ``key`` is a keyed hash: names and addresses are personal data. A name that no account bears
    is counted like any other, so that a lockout tells nothing.
    """

    key = models.BinaryField(max_length=16, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True, blank=True)


class Post(models.Model):
    """A post in a department; its permissions go to whoever holds it."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    title = models.JSONField()

    def __str__(self) -> str:
        return f"{self.department_id}/{self.pk}"


class PostPermission(models.Model):
    """One permission of a post.

    ``administrator`` says whose own powers it belongs to (system, security, audit), empty for
    ordinary work. A trigger refuses an officer two of the three, and a gift to oneself.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="permissions")
    permission = models.CharField(max_length=80)
    administrator = models.CharField(max_length=8, blank=True)
    given_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post", "permission"], name="one_permission_a_post"),
            models.CheckConstraint(
                name="administrator_is_one_of_three",
                condition=models.Q(administrator__in=["", "system", "security", "audit"]),
            ),
        )


class Officer(models.Model):
    """A person who works for a department. ``left_at`` ends every session and posting."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="officer")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="officers")
    name = models.CharField(max_length=80)
    joined_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True, blank=True)


class Posting(models.Model):
    """An officer holds a post from a day on, until a day."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="postings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="postings")
    given_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["officer", "post"],
                condition=models.Q(until__isnull=True),
                name="one_posting_at_a_time",
            ),
        )
