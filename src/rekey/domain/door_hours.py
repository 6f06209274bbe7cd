"""How a door stands on its calendar: stored, so that a restart and a second process find it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rekey.domain.calendar import CalendarRule, covers, next_change, spans
from rekey.domain.ids import DoorId, OrderId
from rekey.domain.validity import Validity

FAR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorHours:
    """One door's row; a door without unlock hours has none.

    `free_since` is set while the door is on a scheduled unlock, which ends at `free_until` as far as is
    known. An unlock that was armed by hand waits, until `armed_until` at the latest, for somebody to
    arrive; `arrived_at` is the last arrival. Somebody who locked the door by hand paused it until
    `paused_until`. `order_id` and `tries` are the order that last carried the hours to the door, and how
    often it was repeated; `due_at` is when the hours are looked at next.
    """

    door_id: DoorId
    free_since: datetime | None = None
    free_until: datetime | None = None
    armed_at: datetime | None = None
    armed_until: datetime | None = None
    arrived_at: datetime | None = None
    paused_until: datetime | None = None
    order_id: OrderId | None = None
    tries: int = 0
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRules:
    """The rules of one door's calendar that its hours follow from, and the zone of its site."""

    unlock: tuple[CalendarRule, ...]
    first_to_arrive: tuple[CalendarRule, ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursPlan:
    """What a door's hours want of it now, and when they are to be asked again at the latest.

    `free` says whether the door is on a scheduled unlock, `free_until` when that ends as far as is known.
    `arrival_until` is set while the unlock rests on somebody who arrives, `arrived` says whether somebody did.
    """

    free: bool
    free_until: datetime | None
    arrival_until: datetime | None
    arrived: bool
    ask_again: datetime


def plan_hours(hours: DoorHours, rules: HoursRules, now: datetime, *, shut: bool) -> HoursPlan:
    """Say what the hours want at the instant; `shut` says that a block stands on the door."""
    unlocks = covers(rules.unlock, now, rules.zone)
    edge = next_change(rules.unlock, now, rules.zone)
    arrival_until, arrived = arrival_of(hours, rules, now)
    waits = arrival_until is not None and not arrived
    paused = hours.paused_until is not None and now < hours.paused_until
    later = [edge, next_change(rules.first_to_arrive, now, rules.zone), hours.armed_until, hours.paused_until]
    return HoursPlan(
        free=unlocks and not shut and not waits and not paused,
        free_until=edge if unlocks else None,
        arrival_until=arrival_until,
        arrived=arrived,
        ask_again=min([instant for instant in later if instant is not None and instant > now] or [now + FAR]),
    )


def arrival_of(hours: DoorHours, rules: HoursRules, now: datetime) -> tuple[datetime | None, bool]:
    """Give until when an unlock rests on somebody who arrives, or None, and whether somebody has arrived."""
    ends: list[datetime] = []
    arrived = True
    if hours.armed_at is not None and hours.armed_until is not None and now < hours.armed_until:
        ends.append(hours.armed_until)
        arrived = hours.arrived_at is not None and hours.arrived_at > hours.armed_at
    if covers(rules.first_to_arrive, now, rules.zone):
        ends.append(next_change(rules.first_to_arrive, now, rules.zone) or now + FAR)
        arrived = arrived and _counts(hours.arrived_at, rules, now)
    return (max(ends), arrived) if ends else (None, False)


def _counts(arrived_at: datetime | None, rules: HoursRules, now: datetime) -> bool:
    """Say whether an arrival lies in the span that waits for one, and no scheduled unlock has ended since."""
    if arrived_at is None or arrived_at > now or now - arrived_at > FAR:
        return False
    if arrived_at == now:
        return True
    waiting, span = rules.first_to_arrive, Validity(arrived_at, now)
    if not covers(waiting, arrived_at, rules.zone):
        return False
    if next_change(waiting, arrived_at, rules.zone, within=now - arrived_at) is not None:
        return False
    return all(
        end is None or end >= now for end in (each.end for each in spans(rules.unlock, span, rules.zone))
    )
