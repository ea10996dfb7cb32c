"""Signed notes (C2SP signed-note): a text with Ed25519 signature lines below it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from haihe.base.errors import BadInput

ED25519 = 0x01
"""Signature type of a log's own key."""
COSIGNATURE = 0x04
"""Signature type of a witness's timestamped cosignature; see ``cosignatures``."""
_MOST_BYTES = 1_000_000
_MOST_SIGNATURES = 100


class BadNote(BadInput):
    """A note or key can't be read, or a known key's signature does not verify."""

    code = "tlog.note.bad"
    message = "This is no note that a known key has signed."
    hint = "Fetch it again from its source, and check the verifier key."


@dataclass(frozen=True)
class VerifierKey:
    """A public key under a name. ``kind`` is the signature type; ``public`` has 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that stand before each of its signatures."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key in one line: ``name+id+base64(type and key)``."""
        return f"{self.name}+{self.key_id.hex()}+{_text(bytes([self.kind]) + self.public)}"

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether the key signed exactly this message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A private key under a name; ``seed`` has 32 bytes (RFC 8032)."""

    name: str
    kind: int
    seed: bytes

    def __post_init__(self) -> None:
        _must_be_name(self.name)

    @property
    def private(self) -> Ed25519PrivateKey:
        """The key as the cryptography library has it."""
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def verifier(self) -> VerifierKey:
        """Its public half."""
        public = self.private.public_key().public_bytes_raw()
        return VerifierKey(self.name, self.kind, public)

    def __repr__(self) -> str:
        return f"SigningKey({self.name})"


@dataclass(frozen=True)
class SignatureLine:
    """One line below a note's text."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The line with its newline."""
        return f"— {self.name} {_text(self.key_id + self.signature)}\n"


@dataclass(frozen=True)
class Note:
    """A text (ending in a newline) and the signature lines below it."""

    text: str
    signatures: tuple[SignatureLine, ...]

    def by(self, key: VerifierKey) -> list[SignatureLine]:
        """The lines that claim to be the key's; not verified yet."""
        return [
            line for line in self.signatures if (line.name, line.key_id) == (key.name, key.key_id)
        ]


def read_verifier_key(text: str) -> VerifierKey:
    """A verifier key from its line; ``tlog.note.bad`` if it can't be read."""
    try:
        name, key_id, encoded = text.strip().split("+", maxsplit=2)
        raw = b64decode(encoded, validate=True)
    except ValueError:
        raise BadNote("The verifier key can't be read.") from None
    if len(raw) != 33 or raw[0] not in {ED25519, COSIGNATURE}:
        raise BadNote("The verifier key is not an Ed25519 key.")
    key = VerifierKey(_must_be_name(name), raw[0], raw[1:])
    if key.key_id.hex() != key_id:
        raise BadNote("The verifier key's id does not belong to it.")
    return key


def sign(text: str, *, key: SigningKey) -> str:
    """The signature line of a log's key under a text that ends in a newline."""
    verifier = key.verifier
    return SignatureLine(verifier.name, verifier.key_id, key.private.sign(text.encode())).text


def read_note(raw: str) -> Note:
    """Take a note apart; verifies nothing. ``tlog.note.bad`` if it is none."""
    if len(raw) > _MOST_BYTES or any(letter < " " and letter != "\n" for letter in raw):
        raise BadNote("This is not a signed note.")
    text, gap, below = raw.rpartition("\n\n")
    if not gap or not below.endswith("\n"):
        raise BadNote("This is not a signed note.")
    lines = below[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise BadNote("The note has too many signatures.")
    return Note(text + "\n", tuple(read_signature(line) for line in lines))


def read_signature(line: str) -> SignatureLine:
    """One signature line, without its newline."""
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    try:
        raw = b64decode(encoded, validate=True)
    except ValueError:
        raise BadNote("A signature line can't be read.") from None
    if dash != "—" or len(raw) < 5:
        raise BadNote("A signature line can't be read.")
    return SignatureLine(_must_be_name(name), raw[:4], raw[4:])


def must_be_signed(note: Note, *, keys: Iterable[VerifierKey]) -> None:
    """Refuse (``tlog.note.bad``) unless a known key signed, or if a known key's line is wrong."""
    found = [(key, line) for key in keys for line in note.by(key)]
    message = note.text.encode()
    if not found or not all(key.verifies(message, line.signature) for key, line in found):
        raise BadNote


def _must_be_name(name: str) -> str:
    if not name or "+" in name or any(letter.isspace() for letter in name):
        raise BadNote("A key's name is empty, or holds a space or a plus sign.")
    return name


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
