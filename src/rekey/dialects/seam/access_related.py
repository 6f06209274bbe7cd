"""Access grants and methods together with what belongs to them."""

from collections.abc import Sequence
from typing import Any

from rekey.dialects.seam.client_sessions import show_session
from rekey.dialects.seam.connected_accounts import show_own, show_upstream
from rekey.dialects.seam.credentials_shapes import is_shown, see_credentials, show_credential
from rekey.dialects.seam.doors import NAMESPACE, place, show_devices, show_entrances
from rekey.dialects.seam.errors import InvalidInput
from rekey.dialects.seam.grant_scene import SeenBundle, SeenMedium, see_bundles
from rekey.dialects.seam.grant_shapes import show_grant, show_method
from rekey.dialects.seam.instant_keys import show_key
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.narrow import sees_person
from rekey.dialects.seam.spaces import show_spaces
from rekey.dialects.seam.translate import show_identity, show_system
from rekey.dialects.seam.wire_accounts import Batch
from rekey.domain.bundle import Bundle
from rekey.domain.credential import Credential
from rekey.domain.estate import Door
from rekey.domain.role import Permission
from rekey.operations.annotate import annotation_of
from rekey.operations.web_key import session_of_key
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

RELATED_TO_GRANTS = (
    "spaces",
    "devices",
    "acs_entrances",
    "connected_accounts",
    "acs_systems",
    "user_identities",
    "acs_access_groups",
    "access_methods",
)
RELATED_TO_METHODS = (
    "spaces",
    "devices",
    "acs_entrances",
    "access_grants",
    "access_methods",
    "instant_keys",
    "client_sessions",
    "acs_credentials",
)
# Kinds of which a grant has none here.
_NONE = ("acs_access_groups",)


def wanted_kinds(call: Call, known: tuple[str, ...]) -> frozenset[str]:
    """Read which kinds are asked for. Raises: InvalidInput."""
    include, exclude = call.args.texts("include"), call.args.texts("exclude")
    for name, kinds in (("include", include), ("exclude", exclude)):
        if set(kinds or ()) - {*known}:
            raise InvalidInput({name: [f"Expected some of {', '.join(known)}"]})
    return frozenset(known if include is None else include) - {*(exclude or ())}


async def related(
    kit: Kit,
    call: Call,
    bundles: Sequence[Bundle],
    kinds: frozenset[str],
    *,
    media: tuple[str, ...] | None = None,
) -> Batch:
    """Gather what belongs to these grants; `media` leaves of their methods those that are named."""

    async def look(view: View) -> dict[str, Any]:
        seen = [
            one
            for one in await see_bundles(kit, call, view, bundles)
            if sees_person(call.session, one.person)
        ]
        ids = [*dict.fromkeys(id_ for one in seen for id_ in one.door_ids)]
        doors = [*(await view.doors.list(WHOLE, ids=ids)).items] if ids else []
        parts = await _of_people_and_places(view, seen, doors)
        parts["placed"] = await place(view, doors)
        parts["access_grants"] = [show_grant(one, workspace_id=view.organization_id) for one in seen]
        parts["access_methods"] = [
            show_method(medium, one, workspace_id=view.organization_id)
            for one in seen
            for medium in one.media
            if media is None or medium.medium.id in media
        ]
        shown = [one for each in seen for one in each.media if media is None or one.medium.id in media]
        return parts | await _of_media(kit, call, view, shown)

    parts = await kit.read(call, Permission.PEOPLE_READ, look)
    placed = parts.pop("placed")
    if "devices" in kinds:
        parts["devices"] = await show_devices(kit, call, placed)
    parts["acs_entrances"] = show_entrances(kit, call, placed)
    parts |= {name: [] for name in _NONE}
    return Batch(**{name: value for name, value in parts.items() if name in kinds})


async def _of_media(kit: Kit, call: Call, view: View, media: Sequence[SeenMedium]) -> dict[str, Any]:
    """Give the credentials of methods, and the instant keys of mobile ones with their sessions."""
    keys = await _standing(view, [one.medium.web_key_id for one in media])
    held = await _standing(view, [one.medium.credential_id for one in media])
    sessions = [await view.client_sessions.get(session_of_key(key)) for key in keys]
    return {
        "instant_keys": [show_key(kit, call, key) for key in keys],
        "client_sessions": [await show_session(kit, view, one) for one in sessions if one is not None],
        "acs_credentials": [
            show_credential(one, workspace_id=view.organization_id)
            for one in await see_credentials(kit, view, [one for one in held if is_shown(one)])
        ],
    }


async def _standing(view: View, ids: Sequence[str | None]) -> list[Credential]:
    found = [await view.credentials.get(id_) for id_ in ids if id_ is not None]
    return [one for one in found if one is not None and one.ended_at is None]


async def _of_people_and_places(
    view: View, seen: Sequence[SeenBundle], doors: Sequence[Door]
) -> dict[str, Any]:
    spaces = [*dict.fromkeys(id_ for one in seen for id_ in one.bundle.door_group_ids)]
    groups = [*(await view.door_groups.list(WHOLE, ids=spaces)).items] if spaces else []
    sites = {site.id: site for site in (await view.sites.list(WHOLE)).items}
    named = [*{door.upstream_id for door in doors if door.upstream_id is not None}]
    upstreams = (await view.upstreams.list(WHOLE, ids=named)).items if named else ()
    accounts = [show_upstream(one, dict(await annotation_of(view, NAMESPACE, one.id))) for one in upstreams]
    if any(door.upstream_id is None for door in doors):
        accounts.insert(0, await show_own(view))
    people = []
    for person in {one.person.id: one.person for one in seen}.values():
        enrolments = (await view.enrolments.list(WHOLE, person_id=person.id)).items
        ids = [enrolment.id for enrolment in enrolments]
        people.append(show_identity(person, ids, workspace_id=view.organization_id))
    return {
        "spaces": await show_spaces(view, groups),
        "acs_systems": [
            show_system(sites[site_id], workspace_id=view.organization_id)
            for site_id in dict.fromkeys(door.site_id for door in doors)
        ],
        "connected_accounts": accounts,
        "user_identities": people,
    }
