"""Adapters to what carries messages outside: one HTTP form for SMS and WeChat, SMTP for mail.

A pack whose gateway speaks another form names a class of its own in ``[messages.gateways]`` of
``city.toml``; it has ``send`` as below and takes no arguments.
"""

from __future__ import annotations

import json
import smtplib
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings as django_settings
from django.utils.module_loading import import_string

from haihe.base.settings import Settings, settings
from haihe.kernel.messages.errors import GatewayDown, GatewayRefused, NoGateway

TIMEOUT_S = 10
DEMO_PORT_OFFSET = 12
"""The demo's gateway listens so far above the pages' port."""


@dataclass(frozen=True)
class Envelope:
    """What a gateway is given. ``key`` is the message's: a gateway sends one key once."""

    key: str
    channel: str
    to: str
    title: str
    text: str
    url: str


class Gateway(Protocol):
    """Whatever carries messages of a channel."""

    def send(self, envelope: Envelope) -> None:
        """Hand a message over; ``messages.gateway.down``, ``messages.gateway.refused``."""


@dataclass(frozen=True)
class HttpGateway:
    """``POST {url}/messages`` with the envelope as JSON, the key as ``Idempotency-Key``.

    2xx and 409 (seen before): taken. 408, 425, 429 and 5xx: try later. Other 4xx: refused.
    """

    url: str
    token: str = ""

    def send(self, envelope: Envelope) -> None:
        """Hand a message over."""
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": envelope.key,
        }
        body = json.dumps(asdict(envelope), ensure_ascii=False).encode()
        try:
            connection.request("POST", f"{parts.path.rstrip('/')}/messages", body, headers)
            status = connection.getresponse().status
        except (OSError, HTTPException, ValueError):
            raise GatewayDown from None
        finally:
            connection.close()
        if status in {408, 425, 429} or status >= 500:
            raise GatewayDown
        if not (200 <= status < 300 or status == 409):
            raise GatewayRefused


@dataclass(frozen=True)
class MailGateway:
    """SMTP by ``smtp://`` or ``smtps://user:password@host:port?from=address``."""

    url: str

    def send(self, envelope: Envelope) -> None:
        """Hand a message over; the key makes its Message-ID."""
        parts = urlsplit(self.url)
        sender = unquote(parts.query.removeprefix("from=")) or f"haihe@{parts.hostname}"
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, envelope.to, envelope.title
        mail["Message-ID"] = f"<{envelope.key}@haihe>"
        mail.set_content(f"{envelope.text}\n{envelope.url}".strip())
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        try:
            with kind(parts.hostname or "", parts.port or 0, timeout=TIMEOUT_S) as smtp:
                if parts.username:
                    smtp.login(unquote(parts.username), unquote(parts.password or ""))
                smtp.send_message(mail)
        except smtplib.SMTPRecipientsRefused:
            raise GatewayRefused from None
        except (OSError, smtplib.SMTPException):
            raise GatewayDown from None


def gateway_of(channel: str) -> Gateway:
    """The gateway of a channel: the pack's own, else by settings; ``messages.gateway.none``."""
    own = django_settings.CITY.get("messages", {}).get("gateways", {}).get(channel)
    if own:
        made: Gateway = import_string(own)()
        return made
    chosen = settings()
    if channel == "mail" and chosen.mail_url:
        return MailGateway(chosen.mail_url)
    url = gateway_url(chosen)
    if channel in {"sms", "wechat"} and url:
        return HttpGateway(url, chosen.gateway_token)
    raise NoGateway


def gateway_url(chosen: Settings) -> str:
    """The HTTP gateway's address; in demo mode the stand-in's, unless one is set."""
    if chosen.gateway_url or not chosen.demo:
        return chosen.gateway_url
    return f"http://127.0.0.1:{chosen.pages_port + DEMO_PORT_OFFSET}"
