"""Rows of org: accounts, departments, officers, posts and their permissions."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now


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


class Accounts(BaseUserManager["Account"]):
    """Makes and finds accounts."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of that sign-in name, whatever its capitals."""
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """Whoever can sign in: an officer or a citizen. Holds no name and no number of a person.

    ``failures`` and ``locked_until`` are the lockout: see ``actions``.
    """

    username = models.CharField(max_length=150, unique=True)
    is_active = models.BooleanField(default=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    made_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Accounts] = Accounts()


class Post(models.Model):
    """A post in a department; its permissions go to whoever holds it."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    title = models.JSONField()

    def __str__(self) -> str:
        return f"{self.department_id}/{self.pk}"


class PostPermission(models.Model):
    """One permission of a post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="permissions")
    permission = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post", "permission"], name="one_permission_a_post"),
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
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True, blank=True)
