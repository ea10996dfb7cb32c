"""What can go wrong between platforms, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotFound, NotPermitted, Unavailable


class NoKey(NotPermitted):
    """Something is sent without a key, or with none that is known."""

    code = "districts.key.bad"
    message = "This needs an api_key that is known here."
    hint = "Ask whoever runs this Haihe for a caller's key, and send it as api_key."


class TooMany(HaiheError):
    """More than one caller may send in an hour."""

    code = "districts.too_many"
    message = "More came with this key than is taken in one hour."
    hint = "Send the rest later: the same number of yours is never filed twice."
    status = 429


class NoSuchJurisdiction(NotFound):
    """Another city's jurisdiction is asked of this one."""

    code = "districts.jurisdiction.unknown"
    message = "This jurisdiction_id is not served here."
    hint = "Leave it out, or take the one that discovery names."


class BadRequest(BadInput):
    """A parameter is missing or says nothing."""

    code = "districts.parameter.bad"
    hint = "Correct it and send it again."


class UnknownRequest(NotFound):
    """No request of that number, or none that this caller may see."""

    code = "districts.request.unknown"
    message = "There is no service request of this number."
    hint = "Take the number that the answer to your request gave."


class Refused(BadInput):
    """A platform refused what was sent to it."""

    code = "districts.refused"
    message = "The platform refused this."
    hint = "Read the reason on the page of platforms; correct the mapping, or send it again."


class Down(Unavailable):
    """A platform does not answer, or says that it can't now."""

    code = "districts.down"
    message = "The platform does not answer."
    hint = "It is tried again by itself; if it stays so, ask whoever runs the platform."


class UnknownPlatform(NotFound):
    """No platform of that code is declared."""

    code = "districts.platform.unknown"
    message = "There is no platform of this code."
    hint = "Declare it in the pack's platforms.yaml; its address and key stand in HAIHE_PLATFORMS."


class OutsideDivision(BadInput):
    """A platform names a case that does not lie where it handles."""

    code = "districts.case.elsewhere"
    message = "This case does not lie in the platform's division."
    hint = "Correct its point, or the division in the pack's platforms.yaml."


class BadFile(BadInput):
    """A file of cases to import can't be read."""

    code = "districts.import.file"
    message = "This file holds no cases that can be read."
    hint = "Write CSV with a head line, or one JSON object a line, in UTF-8."
