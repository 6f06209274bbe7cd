"""secure_door: whoever may open a door at this moment may lock it, and so may whoever controls it."""

import pytest

from rekey.domain.circumstances import Circumstances
from rekey.domain.decision import DenyReason
from rekey.domain.door_order import OrderKind, OrderState
from rekey.domain.errors import AccessDenied, Invalid
from rekey.domain.estate import DoorMode
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.find import find_door
from rekey.operations.grant_access import GrantAccess, NewGrant, OnRepeat, grant_access
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.secure_door import SecureDoor, secure_door
from rekey.operations.set_door_mode import SetDoorMode, set_door_mode
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def test_a_person_with_access_locks_and_the_order_bears_the_name(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.do(set_door_mode, SetDoorMode(door_id=door, mode=DoorMode.UNLOCKED))
    done = await acme.do(secure_door, SecureDoor(door_id=door), by=await acme.account(ada))
    assert (done.order.kind, done.order.person_id, done.order.state) == (
        OrderKind.SECURE,
        ada,
        OrderState.SENT,
    )
    assert (await acme.read(lambda view: find_door(view, door))).mode is DoorMode.LOCKED


async def test_who_has_no_access_locks_nothing(acme: Acme) -> None:
    door, ben = await acme.door(), await acme.person("Ben")
    with pytest.raises(AccessDenied) as refused:
        await acme.do(secure_door, SecureDoor(door_id=door), by=await acme.account(ben))
    assert refused.value.denied.reason is DenyReason.NO_GRANT


async def test_what_the_door_asks_binds_users_and_not_those_who_control_it(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, door)
    await acme.grant(ben, door, role=Role.ADMINISTRATOR)
    await acme.do(edit_door, EditDoor(door_id=door, permitted_addresses=("10.0.0.1",)))
    wanted = SecureDoor(door_id=door, circumstances=Circumstances(address="192.0.2.1"))
    with pytest.raises(AccessDenied):
        await acme.do(secure_door, wanted, by=await acme.account(ada))
    done = await acme.do(secure_door, wanted, by=await acme.account(ben))
    assert done.order.person_id is None


async def test_an_expiry_that_has_passed_is_refused(acme: Acme) -> None:
    door = await acme.door()
    with pytest.raises(Invalid, match="expires_at"):
        await acme.do(secure_door, SecureDoor(door_id=door, expires_at=acme.clock.now()))


@pytest.mark.parametrize(("asked", "given"), [(2, 2), (9, 5), (0, 0), (None, 5)])
async def test_an_opening_may_be_asked_to_be_shorter_and_never_longer(
    acme: Acme, asked: int | None, given: int
) -> None:
    door = await acme.door()
    opened = await acme.do(open_door, OpenDoor(door_id=door, seconds=asked))
    assert opened.order is not None
    assert opened.order.seconds == given


async def test_a_share_in_place_of_another_tells_the_role_that_it_replaced(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    for role, former in ((Role.BASIC, None), (Role.ADMINISTRATOR, Role.BASIC)):
        new = NewGrant(
            holder=Holder.person(ada), scope=Scope.door(door), role=role, on_repeat=OnRepeat.REPLACE
        )
        given = await acme.do(grant_access, GrantAccess(grants=(new,)))
        assert given.former.get(given.grants[0].id) is former
