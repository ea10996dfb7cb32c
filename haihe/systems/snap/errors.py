"""What can go wrong with a citizen's report, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotFound


class NothingToReport(BadInput):
    """Neither words nor a photo."""

    code = "snap.report.empty"
    message = "The report holds neither words nor a photo."
    hint = "Add a photo, or say in a few words what is wrong."


class TooManyPhotos(BadInput):
    """More photos than a report takes."""

    code = "snap.photo.too_many"
    message = "A report takes six photos at most."
    hint = "Leave out those that show the same."


class HeicPhoto(BadInput):
    """A photo in Apple's format."""

    code = "snap.photo.heic"
    message = "The photo is in HEIC, which this site can't read."
    hint = "On the iPhone: Settings, Camera, Formats, Most Compatible; or send a screenshot of it."
    status = 415


class NotAPhoto(BadInput):
    """A file that is no picture."""

    code = "snap.photo.type"
    message = "This file is no photo."
    hint = "Take JPEG, PNG or WebP."
    status = 415


class TooMany(HaiheError):
    """More in an hour or a day than one person sends."""

    code = "snap.too_many"
    message = "More came from here than is taken in one hour or one day."
    hint = "Try again later; in an emergency call 110 or 119, for all else the hotline 12345."
    status = 429


class OldDraft(BadInput):
    """What was begun is too old, or was not begun here."""

    code = "snap.draft.old"
    message = "This report was begun too long ago."
    hint = "Begin it again."


class OtherAccount(BadInput):
    """A report that was written in one's name is sent by nobody, or by somebody else."""

    code = "snap.report.other_account"
    message = "This report is to bear the name of whoever wrote it, who is not signed in."
    hint = "Sign in and send it again; or change it, and send it without a name."
    status = 409


class IncompleteReport(BadInput):
    """What a phone kept lacks something, or holds something that no report takes."""

    code = "snap.report.incomplete"
    message = "Something is missing in this report, or is not as it should be."
    hint = "Change it and send it again."


class NoPlace(BadInput):
    """No point and no division."""

    code = "snap.place.missing"
    message = "The report names no place."
    hint = "Choose where it is: on the map or from the list."


class BadPhone(BadInput):
    """What was typed is no telephone number."""

    code = "snap.phone.bad"
    message = "This is no telephone number."
    hint = "Type 5 to 20 digits, or leave it empty."


class UnknownReport(NotFound):
    """No report of that number, or none of one's own."""

    code = "snap.report.unknown"
    message = "There is no such report among yours."
    hint = "Open it by its secret link, or sign in as whoever filed it."


class UnknownNumber(NotFound):
    """No report bears the number that was read out."""

    code = "snap.number.unknown"
    message = "No report bears this number."
    hint = "Compare the nine digits: the last one checks the others."


class NotYetFiled(NotFound):
    """A report was received a moment ago and is not filed yet."""

    code = "snap.number.too_early"
    message = "This report came in a moment ago and is not filed yet."
    hint = "Look it up again in a minute."


class WithoutPurpose(BadInput):
    """A report is looked up without saying why."""

    code = "snap.look_up.purpose"
    message = "A report is looked up for a stated purpose."
    hint = "Choose what the caller asks for."


class PhotoNotReady(BadInput):
    """A photo can't be published as it is."""

    code = "snap.photo.not_ready"
    message = "This photo has no blurred copy yet."
    hint = "Wait a minute; if it stays so, the photo can't be read and is not published."
    status = 409


class UnknownPhoto(NotFound):
    """No such photo, or none that may be seen here."""

    code = "snap.photo.unknown"
    message = "There is no such photo."
    hint = "It may have been taken down, or its term has ended."
