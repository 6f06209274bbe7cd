"""Stays: which bundles may belong to one, and how its first use takes a door from the stays before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rekey.domain.access import DoorRecord, HolderRecord, Presented, explain
from rekey.domain.bundle import Bundle, bundle_of
from rekey.domain.circumstances import Circumstances
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.decision import Granted
from rekey.domain.errors import Conflict, Invalid
from rekey.domain.journal import JsonValue
from rekey.domain.scope import Scope
from rekey.domain.stay import Takeover, gives_way
from rekey.domain.validity import Validity
from rekey.operations.act import Act
from rekey.operations.bundle_media import drop_door, medium_line
from rekey.operations.bundle_parts import doors_of_media, media_of, reached
from rekey.operations.web_key import bundle_of_key
from rekey.ports.door_driver import Ability
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View

# Where nobody can present a credential, nobody can be the first to use one.
HOLDS_STAYS = frozenset({Ability.KEYPAD, Ability.READER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Somebody was let in: who, where, by what path, and with which credential if it was one."""

    holder: HolderRecord
    door: DoorRecord
    granted: Granted
    credential: Credential | None
    circumstances: Circumstances


async def check_stay(
    act: Act,
    bundle: Bundle,
    door_ids: Iterable[str],
    *,
    along: frozenset[str] = frozenset(),
    may_wait: bool = False,
) -> None:
    """Hold the rules of stays for a bundle that reaches these doors.

    Takes: along, the bundles that change together with this one; may_wait, whether the doors may come later.
    Raises: Invalid (stay_key: no door that holds stays), Conflict (other doors than the stay has, or a
    window that touches none of its others).
    """
    if bundle.stay_key is None:
        return
    mine = await _capable(act, door_ids)
    if not mine:
        if may_wait:
            return
        raise Invalid("stay_key", "needs a door that can belong to a stay")
    apart = {bundle.id, *along}
    others = [one for one in await _bundles_of(act.work, bundle.stay_key) if one.id not in apart]
    if not others:
        return
    established = {id_ for other in others for id_ in await reached(act.work, other)}
    if not mine <= established:
        raise Conflict("this stay has other doors: name some of those")
    if not all(_touch(bundle.validity, other.validity) for other in others):
        raise Conflict("this window does not overlap those of its stay")


async def join_stay(act: Act, bundle: Bundle, door_ids: Iterable[str], *, may_wait: bool = False) -> None:
    """Let a new bundle belong to its stay: what the stay has lost, the bundle has lost. Raises: as `check_stay`."""
    await check_stay(act, bundle, door_ids, may_wait=may_wait)
    others = (
        [] if bundle.stay_key is None else [one.id for one in await _bundles_of(act.work, bundle.stay_key)]
    )
    lost = {one.door_id: one for one in await act.work.takeovers.of(others)} if others else {}
    for takeover in lost.values():
        await act.work.takeovers.add(
            replace(takeover, bundle_id=bundle.id, position=act.position, at=act.now)
        )


async def note_use(act: Act, use: Use) -> list[JsonValue]:
    """Note within an act that lets somebody in that a stay is used; give a line for each bundle that lost the door.

    Only the first use of a stay at a door takes it over. Who is let in by anything else than a stay's own
    path, and whom a revocation or a later stay has shut out there, takes nothing from anybody.
    """
    bundle = await _bundle_used(act, use)
    if bundle is None or bundle.stay_key is None:
        return []
    door_id = str(use.door.door_id)
    stay = await _bundles_of(act.work, bundle.stay_key)
    holds = bool(act.abilities(use.door.driver) & HOLDS_STAYS)
    if not holds or any(door_id in one.used_door_ids for one in stay):
        return []
    used = replace(bundle, used_door_ids=(*bundle.used_door_ids, door_id))
    await act.work.bundles.replace(used)
    lines: list[JsonValue] = []
    for earlier in await _stays_at(act.work, use.door, but=bundle.stay_key):
        if gives_way(earlier, stay, act.now):
            lines += await _lose(act, earlier, door_id, by=bundle)
    return lines


def taken_line(lines: list[JsonValue]) -> dict[str, JsonValue]:
    """Give the member of the row that tells of a takeover, if there was one."""
    return {"taken_over": lines} if lines else {}


async def _bundle_used(act: Act, use: Use) -> Bundle | None:
    """Name the bundle that was used: the credential's own, or that of the path."""
    if not any(bundle_of(grant.origin) for grant in use.holder.grants):
        return None  # nothing here was given with a bundle: most people, most of the time
    of_path = bundle_of(use.granted.path.grant.origin)
    named = await _bundle_of_credential(act.work, use.credential) or of_path
    bundle = None if named is None else await act.work.bundles.get(named)
    if bundle is None or bundle.id == of_path:
        return bundle
    presented = None if use.credential is None else Presented(use.credential)
    judged = explain(use.holder, use.door, act.now, presented, circumstances=use.circumstances).paths
    counts = any(one.reason is None and one.path.grant.origin == bundle.origin for one in judged)
    return bundle if counts else None


async def _bundle_of_credential(view: View, credential: Credential | None) -> str | None:
    if credential is None:
        return None
    named = bundle_of(credential.origin) or bundle_of_key(credential)
    if named is not None or credential.kind is not CredentialKind.CARD:
        return named
    medium = await view.media.of_credential(credential.id)
    return None if medium is None else medium.bundle_id


async def _bundles_of(view: View, stay_key: str) -> tuple[Bundle, ...]:
    return (await view.bundles.list(WHOLE, stay_key=stay_key)).items


async def _stays_at(view: View, door: DoorRecord, *, but: str) -> list[tuple[Bundle, ...]]:
    """Give the other stays that have the door, each with all of its bundles."""
    scopes = [Scope.door(door.door_id), *(Scope.door_group(id_) for id_ in sorted(door.group_ids))]
    ids: set[str] = set()
    for scope in scopes:
        given = await view.grants.list(WHOLE, GrantFilter(scope=scope))
        ids |= {id_ for grant in given.items if (id_ := bundle_of(grant.origin)) is not None}
    found = (await view.bundles.list(WHOLE, ids=sorted(ids))).items if ids else ()
    keys = {one.stay_key for one in found if one.stay_key is not None} - {but}
    return [await _bundles_of(view, key) for key in sorted(keys)]


async def _lose(act: Act, stay: Sequence[Bundle], door_id: str, *, by: Bundle) -> list[JsonValue]:
    """Take a door from all that was given for a stay, also where it does not reach it yet."""
    lost = {(one.bundle_id, one.door_id) for one in await act.work.takeovers.of([one.id for one in stay])}
    lines: list[JsonValue] = []
    for bundle in stay:
        if (bundle.id, door_id) in lost:
            continue
        had = door_id in await reached(act.work, bundle)
        takeover = Takeover(
            bundle_id=bundle.id, door_id=door_id, by_bundle_id=by.id, position=act.position, at=act.now
        )
        await act.work.takeovers.add(takeover)
        await act.changed(ChangeKind.PERSON, bundle.person_id, Scope.door(door_id))
        if had:
            lines.append(await _lost_line(act, bundle, door_id))
    return lines


async def _lost_line(act: Act, bundle: Bundle, door_id: str) -> JsonValue:
    media: list[JsonValue] = []
    shut: list[JsonValue] = []
    ended: list[JsonValue] = []
    for medium in await media_of(act.work, bundle):
        had = await doors_of_media(act.work, [medium])
        codes, credential_id = await drop_door(act, medium, door_id)
        media.append(medium_line(medium, codes))
        ended += [credential_id] if credential_id is not None else []
        shut += [medium.id] if had == {door_id} else []
    return {
        "bundle": bundle.id,
        "external_key": bundle.external_key,
        "person": bundle.person_id,
        "media": media,
        "shut_media": shut,
        "ended": ended,
    }


async def _capable(act: Act, door_ids: Iterable[str]) -> set[str]:
    ids = [*dict.fromkeys(door_ids)]
    doors = (await act.work.doors.list(WHOLE, ids=ids)).items if ids else ()
    return {str(door.id) for door in doors if act.abilities(door.driver) & HOLDS_STAYS}


def _touch(one: Validity, other: Validity) -> bool:
    starts = one.start is None or other.end is None or one.start < other.end
    return starts and (other.start is None or one.end is None or other.start < one.end)
