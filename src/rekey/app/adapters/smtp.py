"""Notices by mail, through a server that speaks SMTP.

The standard library's client in a thread: notices leave one after another, each within half a minute.
"""

import asyncio
import contextlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from rekey.ports.notifier import NotDelivered, Notice

SECONDS = 30.0
_FIRST_REFUSAL_FOR_GOOD = 500


class Protection(StrEnum):
    """By scheme: TLS asked for on a plain connection, TLS from the first byte, or none."""

    STARTTLS = "smtp"
    TLS = "smtps"
    NONE = "smtp+plain"


_PORTS = {Protection.STARTTLS: 587, Protection.TLS: 465, Protection.NONE: 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in. The password stays out of the repr."""

    protection: Protection
    host: str
    port: int
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"MailServer({self.protection.value}://{self.host}:{self.port})"


def parse_mail_url(url: str) -> MailServer:
    """Read `smtp://user:password@host:587`. Raises: ValueError that says what is expected."""
    expected = "must look like smtp://user:password@host:587, smtps://host:465 or smtp+plain://host:25"
    try:
        parts = urlsplit(url)
        protection = Protection(parts.scheme)
        port = parts.port or _PORTS[protection]
    except ValueError as unfit:
        raise ValueError(expected) from unfit
    if not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(expected)
    user = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    if protection is Protection.NONE and user is not None:
        raise ValueError("must not send a password without TLS: use smtp:// or smtps://")
    return MailServer(protection=protection, host=parts.hostname, port=port, user=user, password=password)


class SmtpNotifier:
    """Implements `ports.notifier.Notifier`. A server that offers no TLS where it is due gets nothing."""

    reaches_people: Final = True

    def __init__(
        self,
        server: MailServer,
        sender: str,
        *,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        seconds: float = SECONDS,
    ) -> None:
        self._server = server
        self._sender = sender
        self._tls = tls
        self._seconds = seconds

    async def send(self, notice: Notice) -> None:
        """Hand the notice to the mail server. Raises: NotDelivered."""
        try:
            message = make_message(self._sender, notice)
        except ValueError as unfit:
            raise NotDelivered("the notice can't be written as a mail", for_good=True) from unfit
        try:
            await asyncio.to_thread(self._hand_in, message)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _text in refused.recipients.values()]
            for_good = all(code >= _FIRST_REFUSAL_FOR_GOOD for code in codes)
            raise NotDelivered("the mail server refused the address", for_good=for_good) from refused
        except smtplib.SMTPNotSupportedError as unfit:
            raise NotDelivered("the mail server lacks what the notice needs") from unfit
        except (smtplib.SMTPException, OSError) as failed:
            raise NotDelivered(f"the mail server failed: {type(failed).__name__}") from failed

    def _hand_in(self, message: EmailMessage) -> None:
        client = self._connect()
        try:
            if self._server.protection is Protection.STARTTLS:
                client.starttls(context=self._tls())
            if self._server.user is not None:
                client.login(self._server.user, self._server.password or "")
            client.send_message(message)
            # The notice is taken: a server that parts badly must not have it sent again.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()
        finally:
            client.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.protection is Protection.TLS:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=self._seconds, context=self._tls())
        return smtplib.SMTP(server.host, server.port, timeout=self._seconds)


def make_message(sender: str, notice: Notice) -> EmailMessage:
    """Write a notice as a mail. Raises: ValueError for what no header can hold."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = notice.to
    message["Subject"] = notice.subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text)
    return message
