"""Notices to phones, through a gateway that takes them by HTTP; mail goes on to whoever sends mail."""

import re
from typing import Final, Protocol

import msgspec

from rekey.ports.notifier import NotDelivered, Notice, Notifier
from rekey.webkit.outgoing import Answer

_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]{2,30}")


class Posting(Protocol):
    """Posts under the rules for what leaves this server, as `webkit.outgoing` does."""

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer: ...


class SmsGateway:
    """Posts `{"to": "+49...", "text": "..."}` to one address, with the token as a Bearer where there is one."""

    def __init__(self, outgoing: Posting, url: str, token: str | None) -> None:
        self._outgoing = outgoing
        self._url = url
        self._token = token

    async def send(self, notice: Notice) -> None:
        """Hand the notice to the gateway. Raises: NotDelivered."""
        headers = {"content-type": "application/json"}
        if self._token is not None:
            headers["authorization"] = f"Bearer {self._token}"
        body = msgspec.json.encode({"to": notice.to, "text": notice.text})
        answer = await self._outgoing.post(self._url, body, headers)
        if not answer.delivered:
            raise NotDelivered(f"the SMS gateway failed: {answer.kind}")


class MailAndSms:
    """Implements `ports.notifier.Notifier`: numbers go to the gateway, everything else to the mail.

    Without a gateway a number is refused for good, so that the journal says that nobody was told.
    """

    def __init__(self, mail: Notifier, sms: SmsGateway | None) -> None:
        self._mail = mail
        self._sms = sms

    @property
    def reaches_people(self) -> bool:
        return self._mail.reaches_people

    async def send(self, notice: Notice) -> None:
        """Deliver it. Raises: NotDelivered."""
        if not is_phone(notice.to):
            await self._mail.send(notice)
        elif self._sms is None:
            raise NotDelivered("no SMS gateway is set up", for_good=True)
        else:
            await self._sms.send(notice)


def is_phone(address: str) -> bool:
    return _PHONE.fullmatch(address.strip()) is not None
