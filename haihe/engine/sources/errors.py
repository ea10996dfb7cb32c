"""What can be wrong with a source: one class a fault, each with a sentence and a way out."""

from __future__ import annotations

import errno

from haihe.base.errors import BadInput, HaiheError, Unavailable


class BadSource(BadInput):
    """A source's address can't be read, or is of a kind that Haihe does not read."""

    code = "exchange.source.bad_address"
    hint = "Write postgresql://user:password@host/database, or one of 'haihe source kinds'."


class NoDriver(Unavailable):
    """The driver for this kind of source is not installed."""

    code = "exchange.source.no_driver"
    message = "The driver for this kind of source is not installed."
    hint = "Install the extra that the sentence names."


class Unreachable(Unavailable):
    """No server answers at the address."""

    code = "exchange.source.unreachable"
    message = "No server answers at the source's address."
    hint = "Check host and port, that the server runs, and that no firewall stands between."


class WrongPassword(HaiheError):
    """The server refuses user or password."""

    code = "exchange.source.wrong_password"
    message = "The source refuses this user or password."
    hint = "Ask the department for the user's present password, then give the address again."
    status = 502


class UnknownDatabase(HaiheError):
    """The server has no database of that name."""

    code = "exchange.source.unknown_database"
    message = "The server has no database of that name."
    hint = "Check the last part of the address."
    status = 502


class NoRights(HaiheError):
    """The user may not read there."""

    code = "exchange.source.no_rights"
    message = "The source's user may not read this."
    hint = "Ask the department to grant SELECT on the table (and USAGE on its schema) to this user."
    status = 502


class NoSecureChannel(HaiheError):
    """TLS can't be agreed upon."""

    code = "exchange.source.no_tls"
    message = "The source and Haihe can't agree on an encrypted connection."
    hint = "Set sslmode in the address to what the server offers, and check its certificate."
    status = 502


class UnknownTable(HaiheError):
    """The source holds no such table."""

    code = "exchange.source.unknown_table"
    message = "The source holds no table of that name."
    hint = "Check the name; haihe source check lists the tables."
    status = 502


class TooSlow(HaiheError):
    """A statement ran longer than the provider allows."""

    code = "exchange.source.too_slow"
    message = "The source did not answer within the time that its provider allows."
    hint = "Agree on a longer time, or use a watermark column that has an index."
    status = 504


class CutOff(Unavailable):
    """The source went away while it was read."""

    code = "exchange.source.cut_off"
    message = "The connection to the source was cut."
    hint = "Nothing was kept of this run; run the link again when the source is back."


class TooManyConnections(Unavailable):
    """The source has no connection left for this user."""

    code = "exchange.source.too_many_connections"
    message = "The source has no connection left for this user."
    hint = "Run the link later, or ask the department for a higher limit."


class BrokenFile(BadInput):
    """A file can't be read as what its name says; nothing of it is taken."""

    code = "exchange.source.broken_file"
    hint = "Ask the department to make the file again; nothing of it was taken."


class TooWide(BadInput):
    """A value is larger than the read allows for."""

    code = "exchange.source.too_wide"
    message = "A value is larger than this read allows for."
    hint = "Raise max_text in the source's address; nothing of this run was kept."


class ChangedWhileRead(Unavailable):
    """An interface's pages changed while they were read one after the other."""

    code = "exchange.source.changed_while_read"
    message = "The interface's pages changed while they were read; rows might be missing or double."
    hint = "Nothing was kept of this run; run the link again, at a quieter time if this stays."


class Refused(HaiheError):
    """An interface refuses what it is asked."""

    code = "exchange.source.refused"
    hint = "Check the address, the names of its parameters, and the key."
    status = 502


class DiskFull(HaiheError):
    """No room is left for staging, for the lake, or in the source or target."""

    code = "exchange.disk_full"
    message = "There is no room left on the disk."
    hint = "Make room, then run the link again; nothing is left half-done."
    status = 507


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("No space left", "quota exceeded", "File too large", "max_temp_directory_size")


def is_disk_full(fault: BaseException) -> bool:
    """Whether a fault of a driver or of the system says that there is no room."""
    if isinstance(fault, OSError) and fault.errno in _FULL:
        return True
    return any(words in str(fault) for words in _FULL_WORDS)
