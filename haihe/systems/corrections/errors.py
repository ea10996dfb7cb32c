"""What can go wrong with an objection, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotFound, NotPermitted


class NotJoined(NotPermitted):
    """The account belongs to nobody whose identity was proofed."""

    code = "corrections.not_proofed"
    message = "Only a person whose identity is proofed can object to what is held."
    hint = "Take your identity document and your sign-in name to a service counter."


class UnknownObjection(NotFound):
    """No such objection, or not for this reader."""

    code = "corrections.objection.unknown"
    message = "There is no such objection for you."
    hint = "Open it from your own list."


class UnknownValue(NotFound):
    """The row or column is not held on this subject, or may not be shown."""

    code = "corrections.value.unknown"
    message = "This value is not held on the subject, or may not be shown to you."
    hint = "Choose a value from the page; it may have changed since."


class NotGiven(NotPermitted):
    """The department was not given this value under the grant."""

    code = "corrections.value.not_given"
    message = "The ledger shows no delivery of this value to your department under this grant."
    hint = "Choose the grant under which your department was given the value."


class BadNumber(BadInput):
    """The number is none of the resource's scheme."""

    code = "corrections.number.bad"
    message = "This number has a wrong form or check digit."
    hint = "Copy it as it stands in your department's data."


class BadValue(BadInput):
    """The value does not fit the column."""

    code = "corrections.value.bad"
    message = "This value does not fit the column."
    hint = "Write a number, a date as 2026-01-31, or yes or no, as the column wants it."


class SameValue(BadInput):
    """What should stand there is what stands there."""

    code = "corrections.value.same"
    message = "What you ask for is what stands there already."
    hint = "Say what should stand there instead."


class NoReason(BadInput):
    """An objection, a decision or an appeal without a reason."""

    code = "corrections.no_reason"
    message = "Say why, in a sentence at least."
    hint = "Whoever is concerned reads the reason."


class AlreadyOpen(BadInput):
    """Somebody objects to this value already."""

    code = "corrections.objection.open_already"
    message = "An objection to this value is being dealt with already."
    hint = "Wait until it is closed; its page shows where it stands."


class TooMany(BadInput):
    """A person has as many open objections as one may have."""

    code = "corrections.objection.too_many"
    message = "You have twenty objections that are not closed yet."
    hint = "Wait for a decision, or take one of them back."


class NotTheProvider(NotPermitted):
    """Only the department whose value it is decides."""

    code = "corrections.not_the_provider"
    message = "Only the department that provides the value decides this."
    hint = "Ask the department named on the page."


class NotTheAuthority(NotPermitted):
    """Only the authority decides an appeal."""

    code = "corrections.not_the_authority"
    message = "Only the authority that the appeal lies with decides it."
    hint = "Ask the department named on the page."


class NoAuthority(HaiheError):
    """The city names no authority for appeals."""

    code = "corrections.no_authority"
    message = "The city names no authority that decides appeals."
    hint = "Name a department as authority under [corrections] in city.toml."
    status = 409


class NotYours(NotPermitted):
    """Only whoever objected may do this."""

    code = "corrections.not_yours"
    message = "Only whoever raised the objection may do this."
    hint = "Ask the objector named on the page."


class NotAReceiver(NotPermitted):
    """The department was not given the value."""

    code = "corrections.not_a_receiver"
    message = "Your department is no receiver of this value."
    hint = "Nothing to confirm."


class NotSeenYet(HaiheError):
    """The corrected value has not arrived through the exchange yet."""

    code = "corrections.not_seen_yet"
    message = "The corrected value has not arrived through the exchange yet."
    hint = "It can be confirmed once the platform has seen it."
    status = 409


class ConfirmedAlready(HaiheError):
    """The receiver confirmed before."""

    code = "corrections.confirmed_already"
    message = "Your department has confirmed this recall already."
    hint = "Nothing more to do."
    status = 409


class WordsErased(HaiheError):
    """The values of the objection were erased."""

    code = "corrections.erased"
    message = "The values of this objection were erased at the end of their term."
    hint = "Raise a new objection if a value is wrong."
    status = 410


class AuthorityDecided(HaiheError):
    """The provider would state another value than the authority decided."""

    code = "corrections.authority_decided"
    message = "The authority decided which value will stand there."
    hint = "Correct it as decided; if that is wrong, write to the authority."
    status = 409
