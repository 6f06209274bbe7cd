"""What open_door promises, up to the door and back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rekey.domain.access import DoorRecord
from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.decision import DenyReason
from rekey.domain.door_order import DoorOrder, OrderFailure, OrderState
from rekey.domain.errors import (
    AccessDenied,
    DoorOffline,
    DoorRefused,
    DoorTimedOut,
    Invalid,
    NotAllowed,
    NotFound,
    Replayed,
)
from rekey.domain.journal import Outcome
from rekey.domain.operator import KeyKind
from rekey.domain.role import Permission
from rekey.domain.validity import Validity
from rekey.operations.issue_key import IssueKey, issue_key
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.place_block import PlaceBlock, place_block
from rekey.operations.settle_order import ClaimOrder, claim_order, expire_orders
from rekey.operations.use_door import open_and_wait
from rekey.ports.door_driver import Confirmation
from rekey.ports.repositories.journal import SeenOperation
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def opening(acme: Acme, door: str, person: str | None = None, **how: object) -> DoorOrder:
    wanted = OpenDoor(door_id=door, person_id=person, **how)  # type: ignore[arg-type]  # terms of OpenDoor
    return await open_and_wait(acme.world.services, acme.service, wanted)


async def granted(acme: Acme) -> tuple[str, str]:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    return door, ada


async def test_a_granted_person_opens_and_the_door_confirms(acme: Acme) -> None:
    door, ada = await granted(acme)
    order = await opening(acme, door, ada)
    assert order.state is OrderState.CONFIRMED
    (relay,) = acme.simulated.openings(door)
    assert (relay.person_id, relay.order_id) == (ada, order.id)
    assert [row.action for row in (await acme.rows())[-2:]] == ["door.open_requested", "door.opened"]


async def test_a_person_opens_by_an_own_account_without_any_permission(acme: Acme) -> None:
    door, ada = await granted(acme)
    session = await acme.account(ada)
    wanted = OpenDoor(door_id=door, person_id=ada)
    assert (await open_and_wait(acme.world.services, session, wanted)).state is OrderState.CONFIRMED


async def test_nobody_opens_with_anothers_access(acme: Acme) -> None:
    door, ada = await granted(acme)
    mallory = await acme.account(await acme.person("Mallory"))
    with pytest.raises(NotAllowed):
        await open_and_wait(acme.world.services, mallory, OpenDoor(door_id=door, person_id=ada))


async def test_a_denied_opening_is_journaled_with_its_reason_and_reaches_no_door(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    with pytest.raises(AccessDenied) as denied:
        await opening(acme, door, ada)
    assert denied.value.denied.reason is DenyReason.NO_GRANT
    row = await acme.newest()
    assert (row.action, row.outcome, row.detail["reason"]) == (
        "door.open_requested",
        Outcome.DENIED,
        "no_grant",
    )
    assert acme.simulated.openings(door) == ()


async def test_the_order_is_durable_before_the_door_is_told(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, ada = await granted(acme)
    found: list[DoorOrder | None] = []
    carry_out = acme.simulated.carry_out

    async def look_first(record: DoorRecord, order: DoorOrder) -> Confirmation:
        found.append(await acme.order(order))
        return await carry_out(record, order)

    monkeypatch.setattr(acme.simulated, "carry_out", look_first)
    await opening(acme, door, ada)
    assert [order is not None and order.state for order in found] == [OrderState.SENT]


async def test_an_offline_door_fails_the_order_at_once(acme: Acme) -> None:
    door, ada = await granted(acme)
    acme.simulated.switches(door).offline = True
    with pytest.raises(DoorOffline):
        await opening(acme, door, ada)
    acme.simulated.switches(door).offline = False
    await acme.world.settle()
    assert acme.simulated.openings(door) == ()


async def test_an_order_that_waits_runs_when_the_door_is_back(acme: Acme) -> None:
    door, ada = await granted(acme)
    acme.simulated.switches(door).offline = True
    order = await opening(acme, door, ada, waits=True)
    assert order.state is OrderState.QUEUED
    acme.simulated.switches(door).offline = False
    await acme.world.settle()
    assert (await acme.order(order)).state is OrderState.CONFIRMED
    assert len(acme.simulated.openings(door)) == 1


async def test_an_order_whose_time_is_over_never_runs(acme: Acme) -> None:
    door, ada = await granted(acme)
    acme.simulated.switches(door).offline = True
    until = acme.clock.now() + timedelta(minutes=1)
    order = await opening(acme, door, ada, waits=True, expires_at=until)
    acme.clock.set(until)
    acme.simulated.switches(door).offline = False
    await acme.world.settle()
    ended = await acme.order(order)
    assert (ended.state, ended.failure) == (OrderState.EXPIRED, OrderFailure.TOO_LATE)
    assert acme.simulated.openings(door) == ()


async def test_an_order_that_was_sent_before_the_server_stopped_counts_as_lost(acme: Acme) -> None:
    door, ada = await granted(acme)
    sent = (await acme.do(open_door, OpenDoor(door_id=door, person_id=ada))).order
    assert sent is not None
    acme.pass_time(seconds=11)
    (ended,) = await acme.do(expire_orders, None)
    assert (ended.id, ended.failure) == (sent.id, OrderFailure.LOST)


async def test_a_waiting_order_is_decided_anew_when_it_is_taken_up(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door, validity=Validity(end=acme.clock.now() + timedelta(minutes=1)))
    acme.simulated.switches(door).offline = True
    until = acme.clock.now() + timedelta(hours=1)
    order = await opening(acme, door, ada, waits=True, expires_at=until)
    acme.pass_time(minutes=2)
    claimed = await acme.do(claim_order, ClaimOrder(order_id=order.id))
    assert (claimed.state, claimed.failure) == (OrderState.CANCELLED, OrderFailure.PERSON_REVOKED)


async def test_an_order_that_has_ended_is_not_taken_up(acme: Acme) -> None:
    door, ada = await granted(acme)
    order = await opening(acme, door, ada)
    before = await acme.world.journal_size()
    assert (await acme.do(claim_order, ClaimOrder(order_id=order.id))).state is OrderState.CONFIRMED
    assert await acme.world.journal_size() == before


@pytest.mark.parametrize(
    ("switch", "error"), [("refuses", DoorRefused), ("drops_replies", DoorTimedOut)], ids=str
)
async def test_what_the_hardware_answers_is_told_and_journaled(
    acme: Acme, switch: str, error: type[Exception]
) -> None:
    door, ada = await granted(acme)
    setattr(acme.simulated.switches(door), switch, True)
    with pytest.raises(error):
        await opening(acme, door, ada)
    assert (await acme.newest()).action == "door.order_failed"


async def test_an_expiry_must_lie_ahead_and_within_fourteen_days(acme: Acme) -> None:
    door, ada = await granted(acme)
    for days in (0, 15):
        with pytest.raises(Invalid, match="expires_at"):
            await opening(acme, door, ada, expires_at=acme.clock.now() + timedelta(days=days))


async def test_an_unknown_door_is_not_found(acme: Acme) -> None:
    with pytest.raises(NotFound):
        await opening(acme, "nowhere")


async def test_a_signed_operation_runs_once(acme: Acme) -> None:
    door, ada = await granted(acme)
    once = SeenOperation(
        issuer=ada, token_id="t1", digest="d", expires_at=acme.clock.now() + timedelta(minutes=1)
    )
    wanted = OpenDoor(door_id=door, person_id=ada)
    await open_and_wait(acme.world.services, acme.service, wanted, once=once)
    with pytest.raises(Replayed):
        await open_and_wait(acme.world.services, acme.service, wanted, once=once)
    assert len(acme.simulated.openings(door)) == 1


async def test_a_persons_account_opens_by_that_persons_access_also_when_it_names_nobody(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    end = acme.clock.now() + timedelta(hours=1)
    await acme.grant(ada, door, validity=Validity(end=end))
    session = await acme.account(ada)
    order = await open_and_wait(acme.world.services, session, OpenDoor(door_id=door))
    assert order.person_id == ada
    blocked = PlaceBlock(subject=Subject(SubjectKind.PERSON, ada), cause=BlockCause.SUSPENSION)
    await acme.do(place_block, blocked)
    with pytest.raises(AccessDenied, match="blocked"):
        await open_and_wait(acme.world.services, session, OpenDoor(door_id=door))


async def test_a_key_that_may_not_open_doors_opens_none_for_its_own_person_either(acme: Acme) -> None:
    door, ada = await granted(acme)
    session = await acme.account(ada)
    key = IssueKey(
        operator_id=session.operator_id,
        kind=KeyKind.API_KEY,
        name="reader",
        via="test",
        secret_fingerprint="print",
        permissions=frozenset({Permission.ESTATE_READ}),
    )
    limited = replace(session, key_id=(await acme.do(issue_key, key)).id)
    with pytest.raises(NotAllowed, match="open doors"):
        await open_and_wait(acme.world.services, limited, OpenDoor(door_id=door, person_id=ada))
