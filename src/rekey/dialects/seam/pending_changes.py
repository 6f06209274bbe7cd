"""What a user or a group of an access system waits for: changes that its doors have yet to prove."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rekey.dialects.seam.doors import SPACE_ORIGIN
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire import Bounds, PendingChange, Problem
from rekey.domain.block import BlockCause
from rekey.domain.estate import DoorGroup
from rekey.domain.grant import Holder
from rekey.domain.ids import Position
from rekey.domain.journal import JournalRow
from rekey.domain.people import Enrolment
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import Validity
from rekey.operations.unsettled import Unsettled, listing_doors, unsettled_people
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import Change, ChangeKind
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View

_ROWS = 200
_GROUP = ScopeKind.DOOR_GROUP.value
_ACTIONS = frozenset(
    {
        "access.granted",
        "block.lifted",
        "block.placed",
        "credential.handed",
        "credential.unassigned",
        "enrolment.edited",
        "grant.ended",
    }
)


@dataclass(slots=True)
class _Turn:
    """Something that was so, or not, before the first of several rows, and is so, or not, after the last."""

    before: bool
    after: bool
    row: JournalRow

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(slots=True)
class _Found:
    """What the rows since the last proof did to one user."""

    suspended: _Turn | None = None
    groups: dict[str, _Turn] = field(default_factory=dict)
    credentials: dict[str, _Turn] = field(default_factory=dict)
    schedule: tuple[JournalRow, JournalRow] | None = None


async def pending_of_users(
    kit: Kit, view: View, enrolments: Sequence[Enrolment]
) -> dict[str, list[PendingChange]]:
    """Say of each user what its doors have yet to prove; users of whom all is proved are left out."""
    found: dict[str, list[PendingChange]] = {}
    for site_id in {enrolment.site_id for enrolment in enrolments}:
        here: dict[str, Enrolment] = {one.person_id: one for one in enrolments if one.site_id == site_id}
        doors = await listing_doors(view, kit.services.core.drivers, site_id=site_id)
        for person_id, unsettled in (await unsettled_people(view, here, doors, kit.now)).items():
            changes = await _of_user(view, here[person_id], unsettled)
            if changes:
                found[here[person_id].id] = changes
    return found


async def _of_user(view: View, enrolment: Enrolment, unsettled: Unsettled) -> list[PendingChange]:
    if not unsettled.known:
        at = instant(enrolment.created_at)
        message = "The doors of the system have yet to take the user in."
        return [PendingChange(mutation_code="creating", message=message, created_at=at)]
    matching = JournalFilter(person_id=enrolment.person_id, actions=_ACTIONS)
    rows = await view.journal.rows(after=unsettled.since, limit=_ROWS, matching=matching)
    found = _Found()
    for stored in rows:
        _note(found, stored.row, enrolment, unsettled)
    return [change async for change in _changes(view, enrolment, found)]


def _note(found: _Found, row: JournalRow, enrolment: Enrolment, unsettled: Unsettled) -> None:
    detail = row.detail
    if row.action in {"block.placed", "block.lifted"}:
        if detail.get("subject") == enrolment.id and detail.get("cause") == BlockCause.SUSPENSION.value:
            now = row.action == "block.placed"
            before = not now if found.suspended is None else found.suspended.before
            found.suspended = _Turn(before, now, row)
    elif row.action == "enrolment.edited":
        if detail.get("enrolment") == enrolment.id:
            found.schedule = (row if found.schedule is None else found.schedule[0], row)
    elif row.action in {"credential.handed", "credential.unassigned"}:
        _turn(found.credentials, str(detail.get("credential")), row, so=row.action == "credential.handed")
    elif row.action == "grant.ended":
        _group(found, detail, row, unsettled, so=False)
    else:
        grants = detail.get("grants")
        for line in grants if isinstance(grants, list) else ():
            if isinstance(line, dict):
                _group(found, line, row, unsettled, so=True)


def _group(found: _Found, line: object, row: JournalRow, unsettled: Unsettled, *, so: bool) -> None:
    if not isinstance(line, dict) or line.get("scope_kind") != _GROUP:
        return
    group_id = str(line.get("scope"))
    if any(door.is_covered_by(Scope.door_group(group_id)) for door in unsettled.doors):
        _turn(found.groups, group_id, row, so=so)


def _turn(turns: dict[str, _Turn], name: str, row: JournalRow, *, so: bool) -> None:
    turns[name] = _Turn(turns[name].before if name in turns else not so, so, row)


async def _changes(view: View, enrolment: Enrolment, found: _Found) -> AsyncIterator[PendingChange]:
    if found.suspended is not None and found.suspended.changed:
        turn = found.suspended
        yield _change(
            "updating_suspension_state",
            turn.row,
            {"is_suspended": turn.before},
            {"is_suspended": turn.after},
        )
    if found.schedule is not None:
        first, last = found.schedule
        former = await view.history.enrolment(enrolment.id, Position(first.position - 1))
        if former is not None and former.validity != enrolment.validity:
            yield _change("updating_access_schedule", last, _span(former.validity), _span(enrolment.validity))
    for group_id, turn in found.groups.items():
        group = await view.history.door_group(group_id, turn.row.position)
        if turn.changed and group is not None and group.origin != SPACE_ORIGIN:
            yield _moved("updating_group_membership", "acs_access_group_id", group_id, turn)
    for credential_id, turn in found.credentials.items():
        if turn.changed:
            yield _moved("updating_credential_assignment", "acs_credential_id", credential_id, turn)


async def pending_of_group(kit: Kit, view: View, group: DoorGroup, site_id: str) -> list[PendingChange]:
    """Say who joined or left a group of a system and is not yet so at every door of the group."""
    places = (await view.door_groups.places(WHOLE, door_group_id=group.id)).items
    if not places:
        return []
    ids: list[str] = [place.door_id for place in places]
    doors = await listing_doors(view, kit.services.core.drivers, ids=ids)
    proved = [door.sync.confirmed_position for door in doors if door.sync.confirmed_at is not None]
    if not proved:
        return []
    scope = Scope.door_group(group.id)
    moved = {
        change.subject_id: change
        for change in await view.changes.since(min(proved))
        if change.kind is ChangeKind.PERSON and change.scope == scope
    }
    unsettled = await unsettled_people(view, moved, doors, kit.now)
    return [
        await _membership(view, person_id, moved[person_id], site_id=site_id, scope=scope)
        for person_id in unsettled
    ]


async def _membership(
    view: View, person_id: str, change: Change, *, site_id: str, scope: Scope
) -> PendingChange:
    user = await view.enrolments.at(person_id, site_id)
    holds = await view.grants.list(WHOLE, GrantFilter(holder=Holder.person(person_id), scope=scope))
    (stored,) = await view.journal.rows(after=change.position - 1, limit=1)
    so = bool(holds.items)
    name = person_id if user is None else user.id
    return _moved("updating_user_membership", "acs_user_id", name, _Turn(not so, so, stored.row))


def _moved(code: str, member: str, name: str, turn: _Turn) -> PendingChange:
    """Give the change of something that came or went: from nothing to it, or from it to nothing."""
    before: Bounds = {member: name if turn.before else None}
    return _change(code, turn.row, before, {member: name if turn.after else None})


def _change(code: str, row: JournalRow, before: Bounds, after: Bounds) -> PendingChange:
    return PendingChange(
        mutation_code=code,
        message="A door of the system has yet to prove this change.",
        created_at=instant(row.at),
        before=before,
        to=after,
    )


def deleting(since: datetime) -> PendingChange:
    """Give what something waits for that is gone here and may still count at a door."""
    message = "A door that cannot be reached has yet to prove that it is gone."
    return PendingChange(mutation_code="deleting", message=message, created_at=instant(since))


def being_deleted(since: datetime) -> Problem:
    """Give the warning of the same."""
    return Problem(
        warning_code="being_deleted",
        message="It is gone here, and a door that cannot be reached may still let it in.",
        created_at=instant(since),
    )


def _span(validity: Validity) -> Bounds:
    return {
        "starts_at": None if validity.start is None else instant(validity.start),
        "ends_at": None if validity.end is None else instant(validity.end),
    }
