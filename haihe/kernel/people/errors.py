"""What can go wrong with persons, enterprises and mandates, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotPermitted


class BadNumber(BadInput):
    """The number's shape or check digit is wrong."""

    code = "people.number.bad"
    message = "This number is not right: its check digit does not fit."
    hint = "Copy the number from the document again."


class NoName(BadInput):
    """The name is empty or far too long."""

    code = "people.name.bad"
    message = "A name has 1 to 100 characters."
    hint = "Write the name as it stands on the document."


class NotProofed(BadInput):
    """Number, name and account don't go together: one answer for every reason."""

    code = "people.person.not_proofed"
    message = "These details can't be joined to this account online."
    hint = "Check number and name; otherwise bring your document to a service counter."
    status = 409


class ProofedBefore(BadInput):
    """The person was proofed with an account, and keeps it."""

    code = "people.person.proofed_before"
    message = "This person's identity was proofed before, and keeps its account."
    hint = "They sign in as they did; a lost password is reset by the security administrator."
    status = 409


class EnterpriseThere(BadInput):
    """An enterprise of that code is registered."""

    code = "people.enterprise.taken"
    message = "An enterprise bears this code already."
    hint = "Use the registered one."
    status = 409


class NotYours(NotPermitted):
    """Somebody else's record, consent or mandate."""

    code = "people.not_yours"
    message = "This belongs to somebody else."
    hint = "Sign in as the person whom it concerns."


class BadTerm(BadInput):
    """A mandate must end after it begins, and within ten years."""

    code = "people.mandate.bad_term"
    message = "A mandate ends after it begins, and within ten years."
    hint = "Give a later, nearer day."
