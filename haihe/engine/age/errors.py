"""What can go wrong with age's keys and files."""

from __future__ import annotations

from haihe.base.errors import BadInput


class BadKey(BadInput):
    """A text is no key of a kind that is known."""

    code = "age.key.bad"
    message = "This is no public key that files can be encrypted to."
    hint = "Paste the line that begins with age1, as age-keygen or haihe export keygen shows it."


class PrivateKeyGiven(BadInput):
    """The private half was given where the public one belongs."""

    code = "age.key.private"
    message = "This is the private half of a key; it was not kept."
    hint = "It has left your hands: make a new pair, and give its line that begins with age1."


class NotForThisKey(BadInput):
    """The file was encrypted to other keys."""

    code = "age.file.not_for_this_key"
    message = "The file was not encrypted to this key."
    hint = "Files open with the key that was registered when they were made; take that one."


class BadFile(BadInput):
    """The bytes are no age file, or not as they were written."""

    code = "age.file.bad"
    message = "The file is damaged, cut short or was altered."
    hint = "Download it again and compare its SHA-256 with the manifest's."
