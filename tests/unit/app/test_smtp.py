"""Mail goes out over SMTP: what is sent, what is protected, and how a refusal is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from rekey.app.adapters.smtp import MailServer, Protection, SmtpNotifier, make_message, parse_mail_url
from rekey.app.tls import trusting_only
from rekey.ports.notifier import NotDelivered, Notice
from tests.support.tls import throw_away_certificate

pytestmark = pytest.mark.anyio
NOTICE = Notice(to="ada@acme.test", subject="Grüße", text="Your code is 12345678\n.\nend")
SENDER = "Rekey <rekey@acme.test>"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class MailHost:
    """A mail server that keeps what it is told; it speaks just enough of RFC 5321."""

    tls: ssl.SSLContext | None = None
    offers_tls: bool = False
    refuses: int = 0
    commands: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test\r\n")
        while line := await reader.readline():
            command = line.decode().strip()
            self.commands.append(command.split()[0].upper())
            await self._answer(self.commands[-1], reader, writer)
            if self.commands[-1] == "QUIT":
                break
        writer.close()

    async def _answer(self, verb: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if verb in {"EHLO", "HELO"}:
            lines = [b"250-mail.test", b"250-AUTH PLAIN"]
            lines += [b"250-STARTTLS"] if self.offers_tls and "STARTTLS" not in self.commands else []
            writer.write(b"\r\n".join([*lines, b"250 8BITMIME"]) + b"\r\n")
        elif verb == "STARTTLS":
            writer.write(b"220 go ahead\r\n")
            await writer.drain()
            await writer.start_tls(self.tls)  # type: ignore[arg-type]  # set where it is offered
        elif verb == "AUTH":
            writer.write(b"235 welcome\r\n")
        elif verb == "RCPT" and self.refuses:
            writer.write(f"{self.refuses} no\r\n".encode())
        elif verb == "DATA":
            writer.write(b"354 go on\r\n")
            self.letters.append(await reader.readuntil(b"\r\n.\r\n"))
            writer.write(b"250 taken\r\n")
        else:
            writer.write(b"250 fine\r\n")


@asynccontextmanager
async def mail_host(host: MailHost, *, tls_at_once: bool = False) -> AsyncIterator[MailHost]:
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0, ssl=host.tls if tls_at_once else None)
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()


def notifier(
    host: MailHost, protection: Protection, *, user: str | None = None, **more: object
) -> SmtpNotifier:
    server = MailServer(
        protection=protection,
        host="127.0.0.1",
        port=host.port,
        user=user,
        password=None if user is None else "secret",
    )
    return SmtpNotifier(server, SENDER, seconds=5, **more)  # type: ignore[arg-type]  # what the test names


async def test_a_notice_arrives_whole() -> None:
    async with mail_host(MailHost()) as host:
        await notifier(host, Protection.NONE).send(NOTICE)
    letter = message_from_bytes(host.letters[0].removesuffix(b".\r\n"), policy=policy.default)
    assert (letter["to"], letter["subject"], letter["from"]) == (NOTICE.to, NOTICE.subject, SENDER)
    assert "Your code is 12345678" in str(letter.get_content())


@pytest.mark.parametrize("at_once", [False, True])
async def test_with_tls_the_password_is_sent_inside_it(tmp_path: Path, at_once: bool) -> None:
    shown = throw_away_certificate(tmp_path, "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown.chain, shown.key)
    host = MailHost(tls=context, offers_tls=not at_once)
    async with mail_host(host, tls_at_once=at_once):
        protection = Protection.TLS if at_once else Protection.STARTTLS
        await notifier(host, protection, user="rekey", tls=lambda: trusting_only(shown.chain)).send(NOTICE)
    assert len(host.letters) == 1
    assert "AUTH" in host.commands
    if not at_once:
        assert host.commands.index("STARTTLS") < host.commands.index("AUTH")


async def test_a_server_that_offers_no_tls_gets_neither_password_nor_notice() -> None:
    async with mail_host(MailHost()) as host:
        with pytest.raises(NotDelivered):
            await notifier(host, Protection.STARTTLS, user="rekey").send(NOTICE)
    assert "AUTH" not in host.commands
    assert host.letters == []


@pytest.mark.parametrize(("code", "for_good"), [(550, True), (451, False)])
async def test_a_refused_address_is_tried_again_only_where_that_may_help(code: int, for_good: bool) -> None:
    async with mail_host(MailHost(refuses=code)) as host:
        with pytest.raises(NotDelivered) as refused:
            await notifier(host, Protection.NONE).send(NOTICE)
    assert refused.value.for_good is for_good


async def test_a_server_that_is_not_there_is_told_without_the_text_of_the_notice() -> None:
    async with mail_host(MailHost()) as host:
        port = host.port
    gone = SmtpNotifier(
        MailServer(protection=Protection.NONE, host="127.0.0.1", port=port), SENDER, seconds=5
    )
    with pytest.raises(NotDelivered) as failed:
        await gone.send(NOTICE)
    assert "12345678" not in str(failed.value)
    assert not failed.value.for_good


def test_no_header_can_be_smuggled_in() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        make_message(SENDER, Notice(to="ada@acme.test\nBcc: eve@evil.test", subject="x", text=""))


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://mail.test", (Protection.STARTTLS, "mail.test", 587, None, None)),
        ("smtps://u%40x:p%3Aw@mail.test", (Protection.TLS, "mail.test", 465, "u@x", "p:w")),
        ("smtp+plain://127.0.0.1:2525", (Protection.NONE, "127.0.0.1", 2525, None, None)),
    ],
)
def test_a_mail_url_says_all_that_is_needed(url: str, wanted: tuple[object, ...]) -> None:
    server = parse_mail_url(url)
    assert (server.protection, server.host, server.port, server.user, server.password) == wanted
    assert "p:w" not in repr(server)


@pytest.mark.parametrize(
    "url", ["mail.test", "http://mail.test", "smtp://", "smtp+plain://u:p@mail.test", "smtp://m.test:99999"]
)
def test_a_mail_url_without_meaning_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"smtp"):
        parse_mail_url(url)
