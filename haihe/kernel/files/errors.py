"""What can go wrong with files, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotFound, NotPermitted, Unavailable


class TooLarge(BadInput):
    """The file is larger than is taken."""

    code = "files.too_large"
    message = "The file is too large."
    hint = "Send a smaller one; for photos, a lower resolution."
    status = 413


class Empty(BadInput):
    """The file holds nothing."""

    code = "files.empty"
    message = "The file is empty."
    hint = "Choose the file again."


class TypeRefused(BadInput):
    """Files of this kind are not taken."""

    code = "files.type_refused"
    message = "Files of this kind are not taken."
    hint = "Send a photo (JPEG, PNG, WebP), a voice note, a PDF, a table (CSV, XLSX) or plain text."
    status = 415


class TypeDiffers(BadInput):
    """The content is not what the file says it is."""

    code = "files.type_differs"
    message = "The content is not what the file's name and type say."
    hint = "Send the file under its own type."
    status = 415


class Broken(BadInput):
    """The content can't be read to its end."""

    code = "files.broken"
    message = "The file is damaged or cut short."
    hint = "Save it again and send that."


class TooManyPixels(BadInput):
    """The picture is larger than is unpacked."""

    code = "files.too_many_pixels"
    message = "The picture has too many pixels."
    hint = "Send it at a lower resolution."
    status = 413


class ActiveContent(BadInput):
    """A document that would run something where it is opened."""

    code = "files.active_content"
    message = "The document holds a program or another file, or is locked by a password."
    hint = "Print it to a plain PDF and send that."


class DiskFull(Unavailable):
    """No room for the file; nothing was kept."""

    code = "files.disk_full"
    message = "There is no room for the file now."
    hint = "Nothing was kept. Tell whoever runs this Haihe that the disk is full."
    status = 507


class Gone(NotFound):
    """The row is there, the bytes are not."""

    code = "files.gone"
    message = "The file's content is missing."
    hint = "Restore the folder of files that belongs to this database."


class Damaged(HaiheError):
    """The bytes on disk are not those that were stored."""

    code = "files.damaged"
    message = "The file's content has changed on disk."
    hint = "Restore it from a backup; it is not shown as it is."


class NoReason(NotPermitted):
    """Somebody else's file is opened with a reason only."""

    code = "files.no_reason"
    message = "Somebody else's file is opened for a stated reason only."
    hint = "Name the purpose."


class NoFont(Unavailable):
    """No font of this machine has Chinese signs."""

    code = "files.no_font"
    message = "No font on this machine has Chinese signs, so no document can be made."
    hint = "Install one, such as the package fonts-noto-cjk, and try again."


class NotTypeset(HaiheError):
    """The layout of a document and what it was given do not fit."""

    code = "files.not_typeset"
    message = "The document could not be made."
