"""One simulated door: a list, a lease, a relay, and a mind of its own when nobody can reach it."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord
from rekey.domain.block import Block, BlockCause
from rekey.domain.code_rules import CodeRule, CodeRules
from rekey.domain.credential import CredentialKind
from rekey.domain.door_contact import Relocking
from rekey.domain.door_credentials import FoundCredential, Shown, listed_allow
from rekey.domain.door_order import DoorOrder, OrderKind
from rekey.domain.door_terms import terms_allow
from rekey.domain.estate import DoorMode
from rekey.domain.ids import DoorId, OrganizationId
from rekey.drivers.simulated.computed import LockSecret
from rekey.drivers.simulated.door_list import DoorList
from rekey.drivers.simulated.errors import (
    BoltJammed,
    CodeUnfit,
    DoorLockedDown,
    KeypadFull,
    ListFull,
    OrderTooLate,
)
from rekey.drivers.simulated.keypad import Keypad
from rekey.drivers.simulated.switches import Switches
from rekey.ports.door_driver import Ability, Batch, KeypadLimits, Reading, kinds_read

CAPACITY = 100_000
_REMEMBERED_ORDERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One release of the relay: when by the true time, and who was behind it; a link stands for itself."""

    at: datetime
    person_id: str | None = None
    credential_id: str | None = None
    operator_id: str | None = None
    order_id: str | None = None


class SimulatedDoor:
    """The hardware: what reaches it has passed the network, and `now` is the true time.

    Terms are judged by the door's own clock, which `wrong_clock` shifts. The lease runs on a steady
    clock that no wrong wall clock moves, so that the bound the server computes holds.
    """

    def __init__(self, door_id: DoorId, *, secret: LockSecret) -> None:
        self._door_id = door_id
        self.secret = secret
        self.switches = Switches()
        self.openings: list[Opening] = []
        self.seen_at: datetime | None = None
        self.organization_id: OrganizationId | None = None
        self._zone = ZoneInfo("UTC")
        self._lockdowns: tuple[Block, ...] = ()
        self._open_seconds = 0
        self._reset()

    @property
    def door_id(self) -> DoorId:
        return self._door_id

    def _reset(self) -> None:
        self.list = DoorList(self._door_id)
        self.keypad = Keypad()
        self._spent: dict[str, int] = {}
        self._used_up: set[str] = set()
        self.mode = DoorMode.LOCKED
        self._lease_end: datetime | None = None
        self._released_until = datetime.min.replace(tzinfo=UTC)
        self._done: dict[str, datetime] = {}
        self._relock: Relocking | None = None
        self.untold: list[Relocking] = []

    def wake(self) -> None:
        """Do what the door does before anything else: find out whether it has forgotten all."""
        if self.switches.forgets:
            self._reset()
            self.switches.forgets = False
        for old, new in self.switches.changed_codes:
            self.keypad.change_by_hand(old, new)
        self.switches.changed_codes = ()

    def learn(self, door: DoorRecord) -> None:
        """Take over what the server configures with every word that it sends to the door."""
        self.organization_id = door.organization_id
        self._zone = door.zone
        self._open_seconds = door.settings.open_seconds
        self._lockdowns = tuple(block for block in door.blocks if block.cause is BlockCause.LOCKDOWN)

    def carry_out(self, order: DoorOrder, now: datetime) -> datetime:
        """Run an order once and give the time at which it ran, the first time when it comes again.

        Raises: OrderTooLate, DoorLockedDown, BoltJammed; nothing moved.
        """
        if order.id in self._done:
            return self._done[order.id]
        if now >= order.expires_at:
            raise OrderTooLate("the order came after its expiry")
        if order.kind is not OrderKind.SECURE and self.is_locked_down(now):
            raise DoorLockedDown("the door is locked down")
        if self.switches.jammed:
            raise BoltJammed("the bolt is jammed")
        self._run(order, now)
        self._done[order.id] = now
        for forgotten in list(self._done)[:-_REMEMBERED_ORDERS]:
            del self._done[forgotten]
        return now

    def take(self, batch: Batch) -> None:
        """Bring the list forward, and the lease with it.

        Raises: LogRefused, nothing changed; ListFull, CodeUnfit and KeypadFull, all that takes away was
        applied. The lease is taken then too: it rests on what was taken away, and one person too many
        shuts nobody out.
        """
        heads = self.list.verify(batch)
        capacity = CAPACITY if self.switches.full_table is None else self.switches.full_table
        try:
            self.list.apply(batch, heads, capacity=capacity, keeps_deleted=self.switches.lying_about_deletes)
        except ListFull:
            self._prolong(batch.lease_end)
            with suppress(CodeUnfit, KeypadFull):
                self._follow(batch)
            raise
        self._prolong(batch.lease_end)
        self._follow(batch)

    def present(self, person_id: str, now: datetime, abilities: Collection[Ability]) -> bool:
        """Decide alone, as the hardware does; the relay fires on a yes. Free passage needs no relay."""
        if self.is_locked_down(now) or self.switches.jammed:
            return False
        if self.mode is DoorMode.UNLOCKED:
            return True
        if self._is_stale(now, abilities):
            return False
        terms = self.list.people.get(person_id)
        if terms is None or not self._reads_as_allowed(terms, now):
            return False
        self._release(Opening(at=now, person_id=person_id), self._open_seconds)
        return True

    def read(self, reading: Reading, now: datetime, abilities: frozenset[Ability]) -> bool:
        """Decide alone what the reader or the keypad has read; the relay fires on a yes.

        A code that somebody programmed by hand asks nobody, as in real keypads, nor does one that the lock works out.
        """
        if self.is_locked_down(now) or self.switches.jammed or reading.kind not in kinds_read(abilities):
            return False
        if self.mode is DoorMode.UNLOCKED:
            return True
        if reading.kind is CredentialKind.PIN and reading.text in self.switches.foreign_codes:
            self._release(Opening(at=now), self._open_seconds)
            return True
        if reading.kind is CredentialKind.PIN and self._takes_computed(reading.text, now, abilities):
            self._release(Opening(at=now), self._open_seconds)
            return True
        found = self.keypad.find(self.list.people, reading)
        if found is None or self._is_stale(now, abilities) or not self._allows(found, reading, now):
            return False
        for id_ in (found.listed.id, found.holder_id):
            self._spent[id_] = self._spent.get(id_, 0) + 1
        opening = Opening(at=now, person_id=found.holder_id, credential_id=found.listed.id)
        self._release(opening, self._open_seconds)
        return True

    def _takes_computed(self, digits: str, now: datetime, abilities: Collection[Ability]) -> bool:
        if Ability.COMPUTES_CODES not in abilities or not self.switches.computes_codes:
            return False
        span = self.secret.recognize(digits, self._own_time(now))
        if span is None or (span.once and digits in self._used_up):
            return False
        if span.once:
            self._used_up.add(digits)
        return True

    @property
    def limits(self) -> KeypadLimits:
        asked = CodeRules(
            rules=frozenset(map(CodeRule, self.switches.code_rules)),
            presets=self.switches.preset_codes,
            longest_name=self.switches.longest_name or CodeRules().longest_name,
        )
        return KeypadLimits(lengths=self.switches.code_lengths, most=self.switches.max_codes, rules=asked)

    def _follow(self, batch: Batch) -> None:
        keeps = self.switches.lying_about_deletes
        written = {entry.person_id for entry in batch.entries}
        self.keypad.follow(self.list.people, batch.readings, self.limits, written=written, keeps=keeps)

    def _allows(self, found: FoundCredential, reading: Reading, now: datetime) -> bool:
        second = self.keypad.second_of(found.listed, reading)
        shown = Shown(found.listed.kind, found.listed.fingerprint, second)
        try:
            own_time = self._own_time(now)
            return listed_allow(found, shown, instant=own_time, zone=self._zone, spent=self._spent)
        except ValueError:
            return False  # unreadable terms open nothing

    def _is_stale(self, now: datetime, abilities: Collection[Ability]) -> bool:
        return Ability.HONOURS_LEASE in abilities and (self._lease_end is None or now >= self._lease_end)

    def is_locked_down(self, now: datetime) -> bool:
        return any(block.stands(self._own_time(now)) for block in self._lockdowns)

    def is_locked(self, now: datetime) -> bool:
        return self.mode is DoorMode.LOCKED and now >= self._released_until

    def _run(self, order: DoorOrder, now: datetime) -> None:
        if order.kind is OrderKind.OPEN:
            opening = Opening(
                at=now, person_id=order.person_id, operator_id=order.operator_id, order_id=order.id
            )
            self._release(opening, self._open_seconds if order.seconds is None else order.seconds)
            return
        self.relock(now)
        self._relock = None
        self.mode = DoorMode.UNLOCKED if order.kind is OrderKind.UNLOCK else DoorMode.LOCKED
        self._released_until = now

    def relock(self, now: datetime) -> bool:
        """Lock by itself if the time of the last opening is over; say whether there is anything to wait for or tell.

        A jammed bolt waits until it moves.
        """
        due = self._relock
        if due is not None and due.at <= now and not self.switches.jammed:
            self._relock = None
            if self.mode is DoorMode.LOCKED:
                self.untold.append(due)
        return self._relock is not None or bool(self.untold)

    def _release(self, opening: Opening, seconds: int) -> None:
        self.relock(opening.at)
        self.openings.append(opening)
        self._released_until = opening.at + timedelta(seconds=seconds)
        self._relock = Relocking(door_id=self._door_id, at=self._released_until, order_id=opening.order_id)

    def _prolong(self, lease_end: datetime | None) -> None:
        if lease_end is not None:
            self._lease_end = lease_end if self._lease_end is None else max(lease_end, self._lease_end)

    def _reads_as_allowed(self, terms: str, now: datetime) -> bool:
        try:
            return terms_allow(terms, self._own_time(now), self._zone)
        except ValueError:
            return False  # unreadable terms open nothing

    def _own_time(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.switches.wrong_clock)
