"""What races a person's leaving: whichever comes first, nothing of the person's stands afterwards."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from rekey.domain.credential import CredentialState
from rekey.domain.errors import CoreError
from rekey.domain.grant import Holder
from rekey.operations.assign_credential import AssignCredential, assign_credential
from rekey.operations.merge_people import MergePeople, merge_people, resolve_person_id
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.take_up_invitation import (
    InviteToAccount,
    TakeUpInvitation,
    invite_to_account,
    take_up_invitation,
)
from rekey.operations.use_door import open_and_wait
from rekey.ports.listing import WHOLE
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import a_card
from tests.unit.operations.test_apps_and_accounts import connected, opened
from tests.unit.operations.test_own_mailbox import ADA, LETTER, acme, stranger

__all__ = ["acme"]
pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("leaving_first", [True, False])]


async def together(acme: Acme, person: str, rival: Awaitable[Any], *, leaving_first: bool) -> None:
    """Let the person leave while something else is done for him; only the rival may be refused."""
    leaving = acme.revoke_everywhere(person)
    both = (leaving, rival) if leaving_first else (rival, leaving)
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert not isinstance(outcomes[0 if leaving_first else 1], BaseException)
    assert all(isinstance(one, CoreError) for one in outcomes if isinstance(one, BaseException))


async def test_no_account_outlives_a_leaving_that_races_the_invitation(
    acme: Acme, leaving_first: bool
) -> None:
    ada = await acme.person("Ada", email=ADA)
    await acme.do(invite_to_account, InviteToAccount(person_id=ada, letter=LETTER))
    token = (await acme.world.deliver()).code(ADA)
    taking = acme.do(take_up_invitation, TakeUpInvitation(token=token, password_hash="x"), by=stranger(acme))
    await together(acme, ada, taking, leaving_first=leaving_first)
    assert await acme.read(lambda view: view.operators.of_person(ada)) is None


async def test_no_card_outlives_a_leaving_that_races_its_assignment(acme: Acme, leaving_first: bool) -> None:
    ada, card = await acme.person("Ada"), await a_card(acme)
    handing = AssignCredential(credential_id=card.id, holder=Holder.person(ada))
    await together(acme, ada, acme.do(assign_credential, handing), leaving_first=leaving_first)
    found = await acme.read(lambda view: view.credentials.list(WHOLE, person_id=ada))
    assert all(one.state is not CredentialState.ACTIVE for one in found.items)


async def test_no_app_session_outlives_a_leaving_that_races_its_opening(
    acme: Acme, leaving_first: bool
) -> None:
    account, ada = await connected(acme), await acme.person("Ada")
    opening = opened(acme, upstream_ids=(account.upstream.id,), person_id=ada)
    await together(acme, ada, opening, leaving_first=leaving_first)
    sessions = await acme.read(lambda view: view.client_sessions.list(WHOLE, person_id=ada))
    for session in sessions.items:
        key = await acme.read(lambda view, id_=session.key_id: view.keys.get(id_))
        assert key.ended_at is not None


async def test_no_queued_order_outlives_a_leaving_that_races_its_taking_up(
    acme: Acme, leaving_first: bool
) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    acme.simulated.switches(door).offline = True
    asked = OpenDoor(door_id=door, person_id=ada, waits=True)
    order = await open_and_wait(acme.world.services, acme.service, asked)
    acme.simulated.switches(door).offline = False
    record = await acme.record(door)
    taking = acme.world.services.orders.take_up_waiting(acme.world.organization_id, acme.service, record)
    await together(acme, ada, taking, leaving_first=leaving_first)
    assert (await acme.order(order)).is_over
    again = await acme.do(open_door, asked)
    assert again.order is None


async def test_nothing_is_handed_on_by_a_merge_that_races_a_leaving(acme: Acme, leaving_first: bool) -> None:
    door, ada, twin = await acme.door(), await acme.person("Ada"), await acme.person("Twin")
    await acme.grant(ada, door)
    merging = acme.do(merge_people, MergePeople(survivor_id=ada, merged_ids=(twin,)))
    await together(acme, ada, merging, leaving_first=leaving_first)
    survivor = await acme.read(lambda view: resolve_person_id(view, twin))
    assert not await acme.may(survivor, door)
