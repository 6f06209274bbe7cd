"""The questions about access: may, why, who, which; now or at a past instant.

A person is asked about as if standing at the door's reader, unless a question names other circumstances:
then nothing but time can stand against a path, so that nobody who can open a door is left out of a list.
"""

from dataclasses import dataclass
from datetime import datetime

from rekey.domain.access import DoorRecord, HolderRecord, decide, explain, standing_paths
from rekey.domain.circumstances import AT_READER, Circumstances, Means
from rekey.domain.decision import DenyReason, Explanation, Granted
from rekey.domain.ids import Position
from rekey.domain.link import Link
from rekey.domain.people import Person
from rekey.operations.find import find_door_record
from rekey.ports.store import View

BY_LINK = Circumstances(means=Means.LINK)
# What passes by itself, or is lifted for all at once: it takes nobody's access.
SHUT_FOR_NOW = frozenset(
    {
        DenyReason.LOCKED_DOWN,
        DenyReason.OUTSIDE_SCHEDULE,
        DenyReason.OUTSIDE_ALLOWED_HOURS,
        DenyReason.OUTSIDE_USAGE_HOURS,
    }
)


@dataclass(frozen=True, slots=True)
class Opener:
    """Somebody who may open a door, and the path by which."""

    person: Person
    granted: Granted


@dataclass(frozen=True, slots=True)
class Openable:
    """A door that somebody may open, and the path by which."""

    door: DoorRecord
    granted: Granted


async def explain_decision(
    view: View,
    person_id: str,
    door_id: str,
    instant: datetime,
    *,
    past: bool = False,
    circumstances: Circumstances = AT_READER,
) -> Explanation:
    """Say whether and why the person may open the door at the instant.

    With `past` the grants, blocks and revocations count as they stood then; otherwise as they stand now.
    An unknown person or door is a Denied, not an error.
    """
    as_of = await _as_of(view, instant, past=past)
    holder = await view.access.holder(person_id, as_of)
    door = await view.access.door(door_id, as_of)
    return explain(holder, door, instant, circumstances=circumstances)


async def who_can_open(
    view: View, door_id: str, instant: datetime, *, past: bool = False
) -> tuple[Opener, ...]:
    """List who may open the door at the instant. Raises: NotFound, Gone for a door that is unknown today."""
    as_of = await _as_of(view, instant, past=past)
    door = await view.access.door(door_id, as_of) or await find_door_record(view, door_id)
    openers = []
    for person_id in await view.access.people_near(door, as_of):
        holder = await view.access.holder(person_id, as_of)
        decision = decide(holder, door, instant, circumstances=AT_READER)
        person = await view.people.last_known(person_id)
        if isinstance(decision, Granted) and person is not None:
            openers.append(Opener(person, decision))
    return tuple(openers)


async def doors_openable_by(
    view: View, person_id: str, instant: datetime, *, past: bool = False
) -> tuple[Openable, ...]:
    """List the doors that the person may open at the instant; none for an unknown person."""
    as_of = await _as_of(view, instant, past=past)
    holder = await view.access.holder(person_id, as_of)
    if holder is None:
        return ()
    openable = []
    for door_id in await view.access.doors_near(holder, as_of):
        door = await view.access.door(door_id, as_of)
        decision = decide(holder, door, instant, circumstances=AT_READER)
        if door is not None and isinstance(decision, Granted):
            openable.append(Openable(door, decision))
    return tuple(openable)


async def doors_meant_for(view: View, person_id: str, now: datetime) -> tuple[DoorRecord, ...]:
    """List the doors that open to the person, or would but for the hour or a lockdown; none for an unknown person."""
    return await _meant_for(view, await view.access.holder(person_id), now, AT_READER)


async def doors_meant_for_link(view: View, link_id: str, now: datetime) -> tuple[DoorRecord, ...]:
    """List the doors that open to the link, or would but for the hour or a lockdown; none for an unknown link."""
    return await _meant_for(view, await view.access.link(link_id), now, BY_LINK)


async def _meant_for(
    view: View, holder: HolderRecord | None, now: datetime, circumstances: Circumstances
) -> tuple[DoorRecord, ...]:
    if holder is None:
        return ()
    found = []
    for door_id in await view.access.doors_near(holder):
        door = await view.access.door(door_id)
        if door is None or not any(standing_paths(holder, door)):
            continue
        decision = decide(holder, door, now, circumstances=circumstances)
        if isinstance(decision, Granted) or decision.reason in SHUT_FOR_NOW:
            found.append(door)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LinkOpener:
    """A link that may open a door, and the path by which."""

    link: Link
    granted: Granted


async def links_that_open(
    view: View, door_id: str, instant: datetime, *, past: bool = False
) -> tuple[LinkOpener, ...]:
    """List the links that may open the door at the instant. Raises: NotFound, Gone for an unknown door."""
    as_of = await _as_of(view, instant, past=past)
    door = await view.access.door(door_id, as_of) or await find_door_record(view, door_id)
    openers = []
    for link_id in await view.access.links_near(door, as_of):
        holder = await view.access.link(link_id, as_of)
        decision = decide(holder, door, instant, circumstances=BY_LINK)
        if holder is not None and holder.link is not None and isinstance(decision, Granted):
            openers.append(LinkOpener(holder.link, decision))
    return tuple(openers)


async def doors_openable_by_link(
    view: View, link_id: str, instant: datetime, *, past: bool = False
) -> tuple[Openable, ...]:
    """List the doors that the link may open at the instant; none for an unknown link."""
    as_of = await _as_of(view, instant, past=past)
    holder = await view.access.link(link_id, as_of)
    if holder is None:
        return ()
    openable = []
    for door_id in await view.access.doors_near(holder, as_of):
        door = await view.access.door(door_id, as_of)
        decision = decide(holder, door, instant, circumstances=BY_LINK)
        if door is not None and isinstance(decision, Granted):
            openable.append(Openable(door, decision))
    return tuple(openable)


async def explain_for_link(
    view: View, link_id: str, door_id: str, instant: datetime, *, past: bool = False
) -> Explanation:
    """Say whether and why the link may open the door; as `explain_decision` does for a person."""
    as_of = await _as_of(view, instant, past=past)
    holder = await view.access.link(link_id, as_of)
    door = await view.access.door(door_id, as_of)
    return explain(holder, door, instant, circumstances=BY_LINK)


async def _as_of(view: View, instant: datetime, *, past: bool) -> Position | None:
    return await view.access.position_at(instant) if past else None
