"""A driver that answers as its script says, for tests of what stands above a driver."""

from collections.abc import Iterable

from rekey.domain.access import DoorRecord
from rekey.domain.door_order import DoorOrder, OrderKind
from rekey.domain.errors import DoorOffline, DoorRefused, Unavailable
from rekey.ports.clock import Clock
from rekey.ports.door_driver import Ability, Batch, Confirmation, DoorState, ReadBack


class ScriptedDoor:
    """Implements `ports.door_driver.DoorDriver` for doors that open and change mode but keep no list.

    Each order takes the next answer: None carries it out, an error is raised and nothing moves. When the
    script has run out every order is carried out. `carried_out` lists the orders that moved the door.
    """

    abilities = frozenset({Ability.OPEN, Ability.SET_MODE})

    def __init__(self, clock: Clock, script: Iterable[Unavailable | None] = ()) -> None:
        self._clock = clock
        self._script = iter(script)
        self.carried_out: list[DoorOrder] = []
        self.online = True

    async def carry_out(self, door: DoorRecord, order: DoorOrder) -> Confirmation:
        if not self.online:
            raise DoorOffline(f"{door.name} is not connected")
        if (answer := next(self._script, None)) is not None:
            raise answer
        now = self._clock.now()
        if now >= order.expires_at:
            raise DoorRefused(f"{door.name} got the order too late")
        if all(done.id != order.id for done in self.carried_out):
            self.carried_out.append(order)
        return Confirmation(at=now, witness="script")

    async def deliver(self, door: DoorRecord, batch: Batch) -> None:
        raise DoorRefused(f"{door.name} keeps no list, so it took none of {len(batch.entries)} entries")

    async def read_back(self, door: DoorRecord) -> ReadBack:
        raise DoorRefused(f"{door.name} has no list to read")

    async def observe(self, door: DoorRecord) -> DoorState:
        if not self.online:
            return DoorState(online=False)
        modes = [order for order in self.carried_out if order.kind is not OrderKind.OPEN]
        unlocked = bool(modes) and modes[-1].kind is OrderKind.UNLOCK
        return DoorState(online=True, locked=not unlocked, seen_at=self._clock.now())
