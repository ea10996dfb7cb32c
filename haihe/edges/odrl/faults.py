"""What can be wrong with a policy that is read."""

from __future__ import annotations

from haihe.base.errors import BadInput


class BadPolicy(BadInput):
    """A policy is no agreement of the form that grants have."""

    code = "odrl.policy.bad"
    message = "This is no policy of a grant's form."
    hint = "Give an agreement in JSON-LD, as the page of a grant offers it."


class UnknownTerm(BadInput):
    """A policy says something that a grant can't: it is refused by its name, never left out."""

    code = "odrl.term.unknown"
    message = "The policy says something that a grant can't."
    hint = "Take the term out, or agree on it outside; what is not understood is not granted."
