"""reset_organization, simulate_door, set_open_seconds: acts that a wire API polls by the row that they leave."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rekey.domain.credential import CredentialKind
from rekey.domain.document import DocumentKind
from rekey.domain.errors import NotAllowed
from rekey.domain.estate import Door
from rekey.domain.journal import JournalRow, JsonValue
from rekey.domain.role import Permission, Role
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.add_door import checked_open_seconds
from rekey.operations.bundle_parts import bundle_line
from rekey.operations.do_together import further_parts, keeping
from rekey.operations.end_bundle import end_bundle_within
from rekey.operations.end_client_session import end_client_session_within, record_session
from rekey.operations.end_credential import end_within
from rekey.operations.end_grant import end_all_at
from rekey.operations.end_link import end_link_within
from rekey.operations.find import find_door
from rekey.operations.keep_document import record_document
from rekey.operations.remove_person import RemovePerson, remove_within, removed_line
from rekey.operations.retire_door import retire_within
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter

_REASON = "reset"
# What wire APIs keep of doors, people, accounts and pages; reports and imports tell of the past and stay.
_OF_THINGS = (
    DocumentKind.CONNECT_PAGE,
    DocumentKind.CUSTOMER_RECORD,
    DocumentKind.ELEVATOR,
    DocumentKind.ENCODER,
    DocumentKind.FLOOR,
    DocumentKind.PHONE,
    DocumentKind.TILE,
)
# Those of them of which feeds tell.
_TOLD = frozenset({DocumentKind.ENCODER, DocumentKind.PHONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetOrganization:
    """Only for organizations that are for trying out; the caller says so after asking the server's settings."""

    is_sandbox: bool


@operation(Permission.ORGANIZATION_WRITE)
async def reset_organization(act: Act, wanted: ResetOrganization) -> JournalRow:
    """Bring an organization back to how it was founded: one site, its owners, its keys and nothing else.

    Raises: NotAllowed for one that is in earnest, or without the permission to end accounts too.
    """
    everywhere = Scope.organization(act.work.organization_id)
    await act.require(everywhere)
    await act.require(everywhere, Permission.OPERATORS_WRITE)
    if not wanted.is_sandbox:
        raise NotAllowed("this organization is in earnest, so it is not reset")
    rows: list[JournalRow] = []
    parts = replace(act, keep=keeping(rows))
    people = await _end_people(parts)
    await _end_bundles(parts)
    doors = await _end_doors(parts)
    await _end_accounts(parts)
    await _end_what_was_kept(parts)
    await act.changed(ChangeKind.ORGANIZATION, act.work.organization_id)
    detail: dict[str, JsonValue] = {"doors": doors, "people": people, **further_parts(rows)}
    return await act.record("organization.reset", detail=detail)


async def _end_doors(act: Act) -> int:
    doors = (await act.work.doors.list(WHOLE)).items
    for group in (await act.work.door_groups.list(WHOLE)).items:
        ended = await end_all_at(act, Scope.door_group(group.id))
        await act.work.door_groups.end(group.id)
        detail: dict[str, JsonValue] = {"door_group": group.id, "ended_grants": ended}
        await act.record("door_group.ended", site_id=group.site_id, detail=detail)
    for door in doors:
        ended = await retire_within(act, door)
        await act.record(
            "door.retired", door_id=door.id, site_id=door.site_id, detail={"ended_grants": ended}
        )
    for site in (await act.work.sites.list(WHOLE)).items[1:]:
        await end_all_at(act, Scope.site(site.id))
        await act.work.sites.end(site.id)
    return len(doors)


async def _end_bundles(act: Act) -> None:
    """End what the owners were given together; that of everybody else went with them."""
    for bundle in (await act.work.bundles.list(WHOLE)).items:
        media = await end_bundle_within(act, bundle)
        await act.record("bundle.ended", person_id=bundle.person_id, detail=bundle_line(bundle, media))


async def _end_accounts(act: Act) -> None:
    """End the sessions that are left and the accounts; their doors were told of by themselves."""
    for session in (await act.work.client_sessions.list(WHOLE)).items:
        await end_client_session_within(act, session)
        await record_session(act, "client_session.ended", session)
    for upstream in (await act.work.upstreams.list(WHOLE)).items:
        await act.work.upstreams.end(upstream.id, act.now)
        named: dict[str, JsonValue] = {"upstream": upstream.id, "name": upstream.name}
        await act.record("upstream.ended", detail={**named, "customer": upstream.customer_key, "doors": []})


async def _end_what_was_kept(act: Act) -> None:
    """End links, cards that nobody has, receivers, and what wire APIs kept of things that are gone."""
    for link in (await act.work.links.list(WHOLE)).items:
        await end_link_within(act, link, reason=_REASON)
    for card in (await act.work.credentials.list(WHOLE, kind=CredentialKind.CARD)).items:
        if card.person_id is None and card.ended_at is None:
            await end_within(act, card)
    for subscription in (await act.work.subscriptions.list(WHOLE)).items:
        await act.work.subscriptions.end(subscription.id, act.now)
    for kind in _OF_THINGS:
        for document in (await act.work.documents.list(WHOLE, kind)).items:
            await act.work.documents.end(document.id, act.now)
            if kind in _TOLD:
                await record_document(act, document, "ended")


async def _end_people(act: Act) -> int:
    everywhere = Scope.organization(act.work.organization_id)
    owning = GrantFilter(scope=everywhere, roles=(Role.OWNER,))
    owners = {grant.holder.id for grant in (await act.work.grants.list(WHOLE, owning)).items}
    for team in (await act.work.teams.list(WHOLE)).items:
        await act.work.teams.end(team.id)
    gone = [person for person in (await act.work.people.list(WHOLE)).items if person.id not in owners]
    removed = [
        await remove_within(act, person, RemovePerson(person_id=person.id, reason=_REASON)) for person in gone
    ]
    if removed:
        lines: list[JsonValue] = [{"person": one.person.id, **removed_line(one)} for one in removed]
        await act.record("people.removed", detail={"removed": lines})
    return len(gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateDoor:
    """Switches of a simulated door; kept in its settings, so that a restart changes none."""

    door_id: str
    switches: Mapping[str, str]


@operation(Permission.DOORS_CONTROL)
async def simulate_door(act: Act, wanted: SimulateDoor) -> Door:
    """Note what a simulated door is made to suffer; its driver is told after the act. Raises: NotFound, Gone."""
    await act.require(Scope.door(wanted.door_id))
    door = await find_door(act.work, wanted.door_id)
    settings = tuple(sorted({**dict(door.driver_settings), **wanted.switches}.items()))
    edited = replace(door, driver_settings=settings, updated_at=act.now)
    await act.work.doors.replace(edited)
    await act.changed(ChangeKind.DOOR, door.id)
    await act.record(
        "door.simulated",
        door_id=door.id,
        site_id=door.site_id,
        detail={"name": door.name, "switches": {**wanted.switches}},
    )
    return edited


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOpenSeconds:
    door_id: str
    seconds: int


@operation(Permission.DOORS_CONTROL)
async def set_open_seconds(act: Act, wanted: SetOpenSeconds) -> JournalRow:
    """Choose after how many seconds a door locks again. Raises: NotFound, Gone, Invalid (open_seconds)."""
    await act.require(Scope.door(wanted.door_id))
    door = await find_door(act.work, wanted.door_id)
    settings = replace(door.settings, open_seconds=checked_open_seconds(wanted.seconds))
    await act.work.doors.replace(replace(door, settings=settings, updated_at=act.now))
    await act.changed(ChangeKind.DOOR, door.id)
    return await act.record(
        "door.open_seconds_set",
        door_id=door.id,
        site_id=door.site_id,
        detail={"name": door.name, "open_seconds": wanted.seconds},
    )
