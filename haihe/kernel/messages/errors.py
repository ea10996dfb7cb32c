"""What can go wrong with messages, one class a failure. Reasons of messages are their codes."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotPermitted, Unavailable


class NoTransaction(HaiheError):
    """A message is written in the transaction of what it tells of."""

    code = "messages.no_transaction"
    message = "A message was written outside a transaction."
    hint = "This is a fault of the program: report it."


class NoReceiver(BadInput):
    """A department was to be reached outside the app."""

    code = "messages.receiver"
    message = "A department's messages stand in the app alone."
    hint = "Choose in_app, or an officer's account."


class NotYours(NotPermitted):
    """Somebody else's message or address."""

    code = "messages.not_yours"
    message = "This message is somebody else's."
    hint = "Sign in as its receiver."


class BadContact(BadInput):
    """An address of a shape that the channel does not know."""

    code = "messages.address.bad"
    message = "This address does not fit the channel."
    hint = "Write a telephone number, or a mail address, as it is written abroad."


class NoAddress(HaiheError):
    """The account has no address for the channel."""

    code = "messages.address.none"
    message = "The receiver has no address for this channel."
    hint = "The message stands in the app as well; the receiver may add an address."


class NoGateway(HaiheError):
    """No gateway is set up for the channel."""

    code = "messages.gateway.none"
    message = "No gateway is set up for this channel."
    hint = "Set HAIHE_GATEWAY_URL or HAIHE_MAIL_URL, or name an adapter in the city's pack."


class NoConsent(HaiheError):
    """The receiver has not consented to messages of this purpose."""

    code = "messages.consent.none"
    message = "The receiver has not consented to messages of this purpose."
    hint = "Nothing to do: the message stays unsent."


class GatewayDown(Unavailable):
    """The gateway can't be reached or is in trouble; tried again later."""

    code = "messages.gateway.down"
    message = "The gateway can't be reached."
    hint = "The messages wait and are sent when it answers."


class GatewayRefused(HaiheError):
    """The gateway refused this message for good."""

    code = "messages.gateway.refused"
    message = "The gateway refused the message."
    hint = "Check the receiver's address, then send it again."
