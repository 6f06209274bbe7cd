"""How rows of the journal become events, by kind of row. Each maker gives the drafts of one row."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from rekey.dialects.kisi.errors import DENIALS, STATUS, status_of
from rekey.dialects.kisi.event_scene import GROUP_STOP, STOP, Draft, Object, Scene, texts_of
from rekey.dialects.kisi.event_types import EVENT_TYPES
from rekey.dialects.kisi.shapes import ref
from rekey.domain.block import BlockCause, SubjectKind
from rekey.domain.credential import CredentialKind
from rekey.domain.decision import DenyReason
from rekey.domain.door_order import DoorOrder, OrderFailure, OrderKind
from rekey.domain.errors import DoorFree
from rekey.domain.ids import Position
from rekey.domain.journal import JsonValue, Outcome
from rekey.operations.use_door import failure_error

Maker = Callable[[Scene], AsyncIterator[Draft]]
Find = Callable[[Scene], Awaitable[Object | None]]
_SHOWN = {CredentialKind.CARD: "Card", CredentialKind.LINK: "AccessKey"}
# What an edit may have changed, by the names under which both the thing and its events know it.
_TOLD = ("name", "email", "phone", "description", "time_zone", "address")


def plainly(type_: str, find: Find) -> Maker:
    """Make one event about one thing."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        about = await find(scene)
        if about is not None:
            yield Draft(type=type_, about=about)

    return make


def said(type_: str, kind: str, name: str = "name") -> Maker:
    """Make one event about a thing of which the row itself says the number and the name."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        yield Draft(type=type_, about=scene.named(kind, name))

    return make


async def lock_of(scene: Scene) -> Object | None:
    return await scene.lock()


async def place_of(scene: Scene) -> Object | None:
    return await scene.place()


async def user_of(scene: Scene) -> Object | None:
    return await scene.user()


async def group_of(scene: Scene) -> Object | None:
    return await scene.group()


async def team_of(scene: Scene) -> Object | None:
    return await scene.team()


async def organization_of(scene: Scene) -> Object | None:
    return await scene.organization()


async def unlocked(scene: Scene) -> AsyncIterator[Draft]:
    """A door opened, or was set to free passage; the row of the request says which grant let in."""
    about = await scene.lock()
    order_id = scene.text("order")
    order = None if order_id is None else await scene.past.orders.get(order_id)
    if about is not None:
        yield Draft(type="lock.unlock", about=about, grant_id=await _grant_behind(scene, order))


async def _grant_behind(scene: Scene, order: DoorOrder | None) -> str | None:
    if order is None:
        return None
    row = await scene.past.row_at(order.position)
    grant = None if row is None else row.detail.get("grant")
    return grant if isinstance(grant, str) else None


async def asked_to_open(scene: Scene) -> AsyncIterator[Draft]:
    """Only a denial is told here: what was granted is told once the door has answered."""
    if scene.row.detail.get("activated") is True:
        async for draft in card("card.activate")(scene):
            yield draft
    if scene.row.outcome is not Outcome.DENIED:
        return
    about = await scene.lock()
    if about is not None:
        _status, code, text = DENIALS[DenyReason(str(scene.row.detail["reason"]))]
        yield Draft(type="lock.unlock", about=about, error=(code, text))


async def refused(scene: Scene) -> AsyncIterator[Draft]:
    """Of what was refused only this is told: a lock that was to be opened and is open to all."""
    if scene.text("refusal") != DoorFree.__name__:
        return
    about = await scene.lock()
    if about is not None:
        error = (STATUS[DoorFree][1], "The door is on its scheduled unlock")
        yield Draft(type="lock.unlock", about=about, error=error)


async def failed(scene: Scene) -> AsyncIterator[Draft]:
    """An order to a door ended without its door's word."""
    order_id = scene.text("order")
    async for draft in _failed(scene, order_id):
        yield draft


async def expired(scene: Scene) -> AsyncIterator[Draft]:
    """Several orders came too late."""
    for order_id in scene.texts("orders"):
        async for draft in _failed(scene, order_id):
            yield draft


async def _failed(scene: Scene, order_id: str | None) -> AsyncIterator[Draft]:
    order = None if order_id is None else await scene.past.orders.get(order_id)
    about = None if order is None else await scene.lock(order.door_id)
    if order is None or about is None:
        return
    error = failure_error(order.failure or OrderFailure.LOST)
    text = str(error)
    type_ = "lock.locked" if order.kind is OrderKind.SECURE else "lock.unlock"
    told = (status_of(error)[1], text[0].upper() + text[1:])
    yield Draft(type=type_, about=about, error=told, grant_id=await _grant_behind(scene, order))


def lockdown(action: str) -> Maker:
    """Make the event of a lockdown of a door or a place; one of the organization has none."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        about = await (scene.lock() if scene.row.door_id is not None else scene.place())
        if about is not None:
            kind = "lock" if scene.row.door_id is not None else "place"
            yield Draft(type=f"{kind}.{action}", about=about)

    return make


async def granted(scene: Scene) -> AsyncIterator[Draft]:
    for line in scene.lines("grants"):
        about = await scene.assignment(str(line.get("grant") or line.get("id") or ""))
        if about is not None:
            yield Draft(type="role_assignment.create", about=about)


def assignment(type_: str) -> Maker:
    """Make the event of the one grant of a row."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        about = await scene.assignment(scene.text("grant") or "")
        if about is not None:
            yield Draft(type=type_, about=about)

    return make


async def revoked(scene: Scene) -> AsyncIterator[Draft]:
    """A revocation is told by the rights that ended with it."""
    ended = [*scene.texts("ended_grants")]
    for line in scene.lines("revoked"):
        several = line.get("ended_grants")
        ended += [one for one in several if isinstance(one, str)] if isinstance(several, list) else []
    for grant_id in ended:
        about = await scene.assignment(grant_id)
        if about is not None:
            yield Draft(type="role_assignment.destroy", about=about)


async def left(scene: Scene) -> AsyncIterator[Draft]:
    """A person who left is told by the rights that ended, and by all that went along."""
    async for draft in revoked(scene):
        yield draft
    async for draft in _went_along(scene, scene.row.person_id, scene.row.detail):
        yield draft


async def removed(scene: Scene) -> AsyncIterator[Draft]:
    """A removed person, and one event for each thing that went along."""
    async for draft in _removed(scene, scene.row.person_id, scene.row.detail):
        yield draft


async def _removed(
    scene: Scene, person_id: str | None, line: Mapping[str, JsonValue]
) -> AsyncIterator[Draft]:
    about = await scene.user(person_id)
    if about is not None:
        kind = "guest" if about.shape["resource_type"] == "Guest" else "user"
        yield Draft(type=f"{kind}.destroy", about=about)
    for grant_id in texts_of(line, "ended_grants"):
        assigned = await scene.assignment(grant_id)
        if assigned is not None:
            yield Draft(type="role_assignment.destroy", about=assigned)
    async for draft in _went_along(scene, person_id, line):
        yield draft


async def _went_along(
    scene: Scene, person_id: str | None, line: Mapping[str, JsonValue]
) -> AsyncIterator[Draft]:
    """One event for each team, card and login of somebody who is gone."""
    user = await scene.user(person_id)
    for membership_id in texts_of(line, "left_memberships"):
        membership = await scene.membership(membership_id)
        team = None if membership is None else await scene.team(membership.team_id)
        if user is not None and membership is not None and team is not None:
            yield _in_team("team_membership.destroy", user, team, membership.number)
    for card_id in texts_of(line, "held_cards"):
        held = await scene.past.credentials.get(card_id)
        if held is not None and held.link_id is None:
            yield Draft(type="card.deassign", about=Object(ref("Card", held.number, held.label)))
    for key_id in texts_of(line, "held_keys"):
        key = await scene.past.keys.get(key_id)
        if key is not None:
            yield Draft(type="login.destroy", about=Object(ref("Login", key.number, key.name)))


async def all_removed(scene: Scene) -> AsyncIterator[Draft]:
    """Several people were removed at once."""
    for line in scene.lines("removed"):
        async for draft in _removed(scene, str(line.get("person")), line):
            yield draft


async def person_added(scene: Scene) -> AsyncIterator[Draft]:
    about = await scene.user()
    if about is not None:
        kind = "guest" if about.shape["resource_type"] == "Guest" else "user"
        yield Draft(type=f"{kind}.create", about=about)


async def enrolled(scene: Scene) -> AsyncIterator[Draft]:
    """Only a newcomer is news here: this API knows no enrolment of somebody who was there."""
    person_id = scene.row.person_id
    if person_id is not None and await scene.past.people.get(person_id, scene.before) is None:
        async for draft in person_added(scene):
            yield draft


async def person_edited(scene: Scene) -> AsyncIterator[Draft]:
    person = await scene.person_of(scene.row.person_id)
    about = await scene.user()
    # A guest has no such event.
    if person is not None and about is not None and not person.is_guest:
        old = await scene.person_of(person.id, scene.before)
        yield Draft(type="user.update", about=about, details=_changes(old, person))


async def switched(scene: Scene) -> AsyncIterator[Draft]:
    """A block on a person shows as a switch of the user; others have no event."""
    shown = {BlockCause.ACCESS_SWITCH.value, BlockCause.DIRECTORY.value}
    if scene.text("subject_kind") == SubjectKind.PERSON.value and scene.text("cause") in shown:
        about = await scene.user()
        if about is not None:
            yield Draft(type="user.update", about=about)


async def door_edited(scene: Scene) -> AsyncIterator[Draft]:
    about = await scene.lock()
    if about is not None:
        old, new = (
            await scene.door_of(scene.row.door_id, scene.before),
            await scene.door_of(scene.row.door_id),
        )
        yield Draft(type="lock.update", about=about, details=_changes(old, new))


async def site_edited(scene: Scene) -> AsyncIterator[Draft]:
    about, site_id = await scene.place(), scene.row.site_id
    if about is not None and site_id is not None:
        old = await scene.past.sites.get(site_id, Position(scene.before))
        yield Draft(type="place.update", about=about, details=_changes(old, about.site))


async def group_edited(scene: Scene) -> AsyncIterator[Draft]:
    about, group_id = await scene.group(), scene.text("door_group")
    if about is not None and group_id is not None:
        groups = scene.past.door_groups
        old = await groups.get(group_id, scene.before)
        details = _changes(old, await groups.get(group_id, scene.row.position))
        yield Draft(type="group.update", about=about, details=details)


def in_group(type_: str) -> Maker:
    """Make the event of a door's place in a group; the place goes by its door's name."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        lock, group = await scene.lock(), await scene.group()
        if lock is not None and group is not None:
            placed = GROUP_STOP if lock.shape["resource_type"] == STOP else "GroupLock"
            place = await scene.place_in_group(scene.text("place"))
            number = lock.shape["id"] if place is None else place.number
            shape = lock.shape | {"id": number, "resource_type": placed}
            yield Draft(type=type_, about=Object(shape, lock.site), details={"group": group.shape})

    return make


def in_team(type_: str) -> Maker:
    """Make the event of a person's place in a team; the place goes by the person's name."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        user, team = await scene.user(), await scene.team()
        membership = await scene.membership(scene.text("membership"))
        if user is not None and team is not None:
            yield _in_team(type_, user, team, None if membership is None else membership.number)

    return make


def _in_team(type_: str, user: Object, team: Object, number: int | None = None) -> Draft:
    """Make the event of a membership; rows that name none, as those of directories, tell of it by the person."""
    id_ = user.shape["id"] if number is None else number
    shape = {"id": id_, "resource_type": "TeamMembership", "name": user.shape["name"]}
    return Draft(type=type_, about=Object(shape), details={"team": team.shape})


def pushed_team(type_: str) -> Maker:
    """Make what a directory said of a team: one event of it if it changed, and one for each person and link."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        team = await scene.team()
        if team is None:
            return
        if type_ == "team.create" or scene.texts("changed"):
            yield Draft(type=type_, about=team)
        for moved, told in (("added", "create"), ("removed", "destroy")):
            for person_id in scene.texts(moved):
                user = await scene.user(person_id)
                if user is not None:
                    yield _in_team(f"team_membership.{told}", user, team)
        for linked, told in (("linked", "create"), ("unlinked", "destroy")):
            for grant_id in scene.texts(linked):
                about = await scene.assignment(grant_id)
                if about is not None:
                    yield Draft(type=f"role_assignment.{told}", about=about)

    return make


def login(type_: str) -> Maker:
    """Make the event of a login, which is a key."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        key_id = scene.text("key") or scene.row.key_id
        key = None if key_id is None else await scene.past.keys.get(key_id)
        if key is not None:
            shape = {"id": key.number, "resource_type": "Login", "name": key.name}
            yield Draft(type=type_, about=Object(shape))

    return make


def card(type_: str) -> Maker:
    """Make the event of a card, or of a guest's access key; credentials of other kinds have none here."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        credential = await scene.past.credentials.get(scene.text("credential") or "")
        kind = None if credential is None else _SHOWN.get(credential.kind)
        if credential is None or kind is None or credential.link_id is not None:
            return
        shape = {"id": credential.number, "resource_type": kind, "name": credential.label}
        name = type_ if kind == "Card" else type_.replace("card.", "access_key.")
        if name in EVENT_TYPES:
            yield Draft(type=name, about=Object(shape))

    return make


def _changes(old: object, new: object) -> dict[str, object]:
    """Give old and new values of what is told of an edit; nothing that stayed."""
    changes: dict[str, object] = {}
    for name in _TOLD:
        was, now = getattr(old, name, None), getattr(new, name, None)
        if old is not None and was != now:
            changes[name] = [was, now]
    return {"changes": changes} if changes else {}
