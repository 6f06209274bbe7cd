"""Sending a link to whoever it was made for."""

import pytest

from rekey.domain.errors import Conflict
from rekey.domain.scope import Scope
from rekey.operations import tell_link as telling
from rekey.operations.add_link import AddLink, LinkGrant, add_link
from rekey.operations.post import Letter
from rekey.operations.tell_link import TellLink, tell_link
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
LETTER = Letter(subject="Come in", text="an address")


async def link(acme: Acme, *, email: str | None = None, phone: str | None = None) -> str:
    grant = LinkGrant(scope=Scope.door(await acme.door()))
    wanted = AddLink(name="Vera", grants=(grant,), email=email, phone=phone)
    return (await acme.do(add_link, wanted)).link.id


async def test_the_letter_goes_to_the_address_and_the_message_to_the_phone(acme: Acme) -> None:
    link_id = await link(acme, email="vera@else.test", phone="+15550100")
    told = await acme.do(tell_link, TellLink(link_id=link_id, mail=LETTER, message=LETTER))
    box = await acme.world.deliver()
    assert (told, box.count("vera@else.test"), box.count("+15550100")) == (2, 1, 1)


async def test_nobody_is_told_without_an_address(acme: Acme) -> None:
    assert await acme.do(tell_link, TellLink(link_id=await link(acme), mail=LETTER, message=LETTER)) == 0


async def test_no_more_links_are_mailed_than_may_stand(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "MOST_SENT_LINKS", 1)
    first = await link(acme, email="vera@else.test")
    assert await acme.do(tell_link, TellLink(link_id=first, mail=LETTER)) == 1
    second = await link(acme, email="vic@else.test")
    with pytest.raises(Conflict):
        await acme.do(tell_link, TellLink(link_id=second, mail=LETTER))
