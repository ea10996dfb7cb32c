"""age v1, the format of encrypted files: written to public keys, opened with a private one.

Only the holder of a private key opens a file; whoever alters one byte of it is found out. Opened
by `age`, `rage` and every other tool of the format. Source: C2SP, age-encryption.org/v1.
"""

from haihe.engine.age.errors import BadFile, BadKey, NotForThisKey, PrivateKeyGiven
from haihe.engine.age.keys import Identity, Recipient, new_identity, read_identity, read_recipient
from haihe.engine.age.sealed import Sealing, opened

__all__ = [
    "BadFile",
    "BadKey",
    "Identity",
    "NotForThisKey",
    "PrivateKeyGiven",
    "Recipient",
    "Sealing",
    "new_identity",
    "opened",
    "read_identity",
    "read_recipient",
]
