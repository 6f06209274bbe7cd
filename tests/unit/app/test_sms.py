"""Notices to phones go to the gateway, everything else by mail; without a gateway that is said aloud."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from rekey.app.adapters.notifier import ConsoleNotifier
from rekey.app.adapters.sms import MailAndSms, SmsGateway, is_phone
from rekey.app.bootstrap import make_notifier
from rekey.app.errors import SettingRefused
from rekey.app.receivers import make_outgoing
from rekey.app.settings import Settings, load_settings
from rekey.ports.notifier import NotDelivered, Notice
from rekey.webkit.outgoing import Answer
from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.anyio
URL = "https://sms.test/messages"
TO_PHONE = Notice(to="+49 30 123456", subject="Your link", text="https://rekey.test/l")
TO_MAILBOX = Notice(to="ada@acme.test", subject="Your link", text="https://rekey.test/l")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Gateway:
    """Keeps what is posted, and answers as it is told to."""

    answer: Answer = field(default_factory=lambda: Answer(True, "2xx"))
    posted: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.posted.append((url, body, headers))
        return self.answer


async def test_a_number_goes_to_the_gateway_with_the_token() -> None:
    gateway, mail = Gateway(), Mailbox()
    await MailAndSms(mail, SmsGateway(gateway, URL, "opener")).send(TO_PHONE)
    url, body, headers = gateway.posted[0]
    assert url == URL
    assert headers["authorization"] == "Bearer opener"
    assert msgspec.json.decode(body) == {"to": TO_PHONE.to, "text": TO_PHONE.text}


async def test_an_address_goes_by_mail_and_reaching_people_is_a_matter_of_mail() -> None:
    gateway, mail = Gateway(), Mailbox()
    both = MailAndSms(mail, SmsGateway(gateway, URL, None))
    await both.send(TO_MAILBOX)
    assert (gateway.posted, both.reaches_people) == ([], mail.reaches_people)


async def test_a_gateway_that_fails_is_tried_again() -> None:
    failing = SmsGateway(Gateway(Answer(False, "5xx")), URL, None)
    with pytest.raises(NotDelivered, match="5xx") as failed:
        await MailAndSms(Mailbox(), failing).send(TO_PHONE)
    assert not failed.value.for_good


async def test_without_a_gateway_a_number_is_given_up_at_once() -> None:
    with pytest.raises(NotDelivered, match="no SMS gateway") as failed:
        await MailAndSms(Mailbox(), None).send(TO_PHONE)
    assert failed.value.for_good


async def test_a_gateway_in_a_private_network_is_refused_unless_it_is_named() -> None:
    settings = Settings(sms_url="https://127.0.0.1/messages", mail="none")
    with pytest.raises(NotDelivered, match="refused"):
        await make_notifier(settings, make_outgoing(settings)).send(TO_PHONE)


def test_the_terminal_of_a_sandbox_shows_what_is_for_phones() -> None:
    settings = Settings()
    assert isinstance(make_notifier(settings, make_outgoing(settings)), ConsoleNotifier)


@pytest.mark.parametrize("url", ["sms.test", "ftp://sms.test", "https://", "https://user:word@sms.test"])
def test_an_address_that_is_none_is_refused_at_the_start(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused):
        load_settings({"data": tmp_path, "sms_url": url}, {})


@pytest.mark.parametrize(
    ("address", "phone"),
    [("+4930123456", True), ("030 123-456", True), ("ada@acme.test", False), ("ada", False), ("", False)],
)
def test_a_number_is_told_from_an_address(address: str, phone: bool) -> None:
    assert is_phone(address) is phone
