"""What can go wrong with other catalogues, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotFound, NotPermitted, Unavailable


class NotInThatForm(HaiheError):
    """A client wants none of the formats that the catalogue is written in."""

    code = "cascade.form.unknown"
    message = "The catalogue isn't written in any of the formats that you accept."
    hint = "Accept text/turtle, application/ld+json or application/rdf+xml."
    status = 406


class NoSuchEntry(NotFound):
    """No resource of that code is published, or not for everybody."""

    code = "cascade.resource.unknown"
    message = "The open catalogue has no resource of this code."
    hint = "Take an address that the catalogue names."


class NoKey(NotPermitted):
    """The whole catalogue is asked for without a session or a key."""

    code = "cascade.key.bad"
    message = "The whole catalogue needs an officer's session or a caller's key."
    hint = "Send the key of a caller as Authorization: Bearer; the open part needs none."
    status = 401


class NotALowerLevel(NotPermitted):
    """A catalogue is sent with the key of a caller whom no source names."""

    code = "cascade.caller.unknown"
    message = "No lower level is named here for this caller."
    hint = "Ask whoever runs this Haihe to name your catalogue as a lower level, with this caller."


class BadSource(BadInput):
    """A source lacks what its kind needs."""

    code = "cascade.source.bad"
    message = "Something is missing, or can't be so."
    hint = "Correct it and send it again."


class UnknownSource(NotFound):
    """No source of that code."""

    code = "cascade.source.unknown"
    message = "There is no other catalogue of this code."
    hint = "Take a code from the list of other catalogues."


class SourceStopped(BadInput):
    """A source that is stopped was to be read."""

    code = "cascade.source.is_stopped"
    message = "This catalogue is stopped."
    hint = "Resume it first."


class NothingToRead(BadInput):
    """A lower level sends its catalogue itself; nothing is read there."""

    code = "cascade.source.sends"
    message = "This catalogue is sent by the lower level itself."
    hint = "Wait for it, or let the lower level send it now."


class NoAddressOfOurs(HaiheError):
    """Levels can't be joined while nobody said under which address this Haihe is reached."""

    code = "cascade.address.unset"
    message = "It isn't set under which address others reach this Haihe."
    hint = "Set HAIHE_ADDRESS, as https://data.city.example."


class BadAddress(BadInput):
    """An address that is not asked: not HTTP, of this machine, or of nobody."""

    code = "cascade.address.bad"
    message = "Nothing is fetched from this address."
    hint = "Give an address that begins with https:// or http://, of another machine."


class LedElsewhere(BadInput):
    """A server leads to another house, which nobody named."""

    code = "cascade.address.elsewhere"
    message = "The catalogue leads to another server, which is not followed."
    hint = "If that is right, name the other address as the catalogue's."


class Down(Unavailable):
    """A catalogue's server does not answer, or says that it can't now."""

    code = "cascade.down"
    message = "The catalogue does not answer."
    hint = "It is tried again by itself; if it stays so, ask whoever runs it."


class Refused(BadInput):
    """A catalogue's server refuses the request."""

    code = "cascade.refused"
    message = "The catalogue refuses the request."
    hint = "Check the address and the key."


class TooMuch(BadInput):
    """A catalogue is larger than one may be."""

    code = "cascade.too_much"
    message = "The catalogue is larger than one may be."
    hint = "Ask whoever runs it for a part of it."


class GoesInACircle(BadInput):
    """A page names one as the next that was read already."""

    code = "cascade.circle"
    message = "The catalogue's pages lead in a circle."
    hint = "Tell whoever runs it."


class CutShort(BadInput):
    """Much less came than the catalogue says it holds: what was known stays."""

    code = "cascade.short"
    message = "Less came than the catalogue says it holds; what was known stays."
    hint = "It is read again by itself; if it stays so, ask whoever runs it."


class AnotherCatalogue(BadInput):
    """At a source's address stands another catalogue than before, or our own."""

    code = "cascade.other_catalogue"
    message = "At this address stands another catalogue than the one that was named."
    hint = "Stop this one, and name the other as a catalogue of its own."


class OtherReading(BadInput):
    """A page is sent for a reading that is another's, or was ended."""

    code = "cascade.reading.other"
    message = "This reading is not open for you."
    hint = "Begin a new one: send the first page under a new number."


class Busy(Unavailable):
    """As many pages are read at this moment as may be."""

    code = "cascade.busy"
    message = "Other pages are being read at this moment."
    hint = "Send the page again, under the same number, in a minute."
