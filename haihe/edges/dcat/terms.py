"""Texts and addresses as RDF can hold them in each of its formats."""

from __future__ import annotations

import re
from ipaddress import IPv6Address

from haihe.edges.dcat.vocabulary import PREFIXES

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_FOREIGN = re.compile(
    "[^A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%\\-"
    "\u00a1-\u167f\u1681-\u1fff\u2070-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    "\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd]"
)
"""What is encoded in an address. Blanks of other scripts too: IRIs may hold them, PyLD refuses."""
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_HOST = re.compile(r"//([^/?#@\[\]]*@)?(\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\]|[^/?#@:\[\]]*)(:\d*)?")


_PLAIN = re.compile(
    r"https?://[A-Za-z0-9.\-]+(?::\d+)?(?:/[A-Za-z0-9._~:/@!$&'()*+,;=\-]*)?"
    r"(?:#[A-Za-z0-9._~:/?@!$&'()*+,;=\-]*)?"
)
"""Addresses that stand as they are: nearly all; the rest is looked at sign by sign."""


def clean(text: str) -> str:
    """A text without what XML 1.0 can't hold: the same in all formats.

    >>> clean("a\\x00b")
    'ab'
    """
    return text if text.isprintable() else _UNWRITABLE.sub("", text)


def language_tag(language: str) -> str:
    """A language's tag; empty for a word that can be none.

    >>> language_tag("zh_CN"), language_tag("?")
    ('zh-CN', '')
    """
    tag = language.replace("_", "-")
    return tag if _TAG.fullmatch(tag) else ""


def address(text: str) -> str:
    """A text as an absolute IRI, its odd signs percent-encoded; empty where it can be none.

    A scheme that is one of our own short names is none: JSON-LD would take it for that name.

    >>> address("https://data.example/a b"), address("table lake.people"), address("dct:title")
    ('https://data.example/a%20b', '', '')
    """
    if _PLAIN.fullmatch(text):
        return text
    text = _LONE_PERCENT.sub("%25", _FOREIGN.sub(_encoded, clean(text.strip())))
    scheme = _SCHEME.match(text)
    if scheme is None or scheme.group()[:-1].lower() in PREFIXES:
        return ""
    rest = text[scheme.end() :]
    if not rest.startswith("//"):
        return scheme.group() + _body(rest) if rest else ""
    host = _HOST.match(rest)
    if host is None or rest[host.end() : host.end() + 1] not in {"", "/", "?", "#"}:
        return ""
    if host.group(2).startswith("[") and not _is_numbered(host.group(2)[1:-1]):
        return ""
    return scheme.group() + host.group() + _body(rest[host.end() :])


def _is_numbered(host: str) -> bool:
    try:
        return bool(IPv6Address(host))
    except ValueError:
        return False


def _encoded(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode())


def _body(rest: str) -> str:
    front, hash_mark, fragment = rest.partition("#")
    whole = front + hash_mark + fragment.replace("#", "%23")
    return whole.replace("[", "%5B").replace("]", "%5D")
