"""What can stop a Haihe from starting, each with what to do next."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError


class PortTaken(HaiheError):
    """Something else listens where we would."""

    code = "start.port_taken"


class BadFolder(BadInput):
    """The data folder can't be used."""

    code = "start.bad_folder"


class AlreadyRunning(HaiheError):
    """Another Haihe holds this data folder."""

    code = "start.already_running"
    hint = "Stop it first, or set HAIHE_DATA, HAIHE_PAGES_PORT and HAIHE_SERVICES_PORT to others."


class DiskFull(HaiheError):
    """There is no room to work."""

    code = "start.disk_full"
    hint = "Free some space, or set HAIHE_DATA to a folder on a larger disk."


class WrongMode(HaiheError):
    """The data folder was begun in the other mode."""

    code = "start.wrong_mode"


class ChildFailed(HaiheError):
    """A process of ours does not come up."""

    code = "start.child_failed"
    hint = "Read its log in the folder logs of the data folder."


class NeedsCity(HaiheError):
    """The word needs what the extra ``city`` brings, and only the data plane is installed."""

    code = "start.needs_city"
    message = "This word needs the whole platform, and only its data plane is installed."
    hint = 'Install it: pip install "haihe[city]".'


class SystemOff(BadInput):
    """The word belongs to a system that the city has switched off."""

    code = "start.system_off"
    message = "This word belongs to a system that the city has switched off."
    hint = "Name the system among the systems in the pack's city.toml, or leave it."


class NotWritable(BadInput):
    """A file that was asked for can't be written where it should be."""

    code = "start.file_not_writable"
    hint = "Name a file in a folder that is there and that you may write to."


class UnknownLanguage(BadInput):
    """A document is asked for in a language that screens do not speak."""

    code = "start.language_unknown"
    hint = "Write zh-hans or en."
