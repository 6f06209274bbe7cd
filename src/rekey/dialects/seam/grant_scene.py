"""Bundles and their media as they stand: what is meant, what the doors have confirmed, what is shut."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rekey.dialects.seam.code_shapes import digits_of
from rekey.dialects.seam.instant_keys import instant_key_url
from rekey.dialects.seam.kit import Call, Kit
from rekey.domain.access import HolderRecord, decide
from rekey.domain.bundle import Bundle, Medium, MediumKind
from rekey.domain.credential import Credential
from rekey.domain.decision import Denied, DenyReason
from rekey.domain.door_code import CodeStage, DoorCode
from rekey.domain.people import Person
from rekey.operations.bundle_parts import doors_of_places, media_of, reached
from rekey.operations.web_key import session_of_key
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

# What keeps a person out although the window is open and the grant was not ended.
_SHUT = frozenset(
    {
        DenyReason.PERSON_UNKNOWN,
        DenyReason.DOOR_UNKNOWN,
        DenyReason.BLOCKED,
        DenyReason.NO_GRANT,
        DenyReason.GRANT_EXPIRED,
        DenyReason.TEAM_BLOCKED,
        DenyReason.REVOKED,
        DenyReason.TAKEN_OVER,
    }
)
_PLACED = frozenset({CodeStage.SET, CodeStage.SCHEDULED})


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMedium:
    """A medium with its digits; `standing` says that its credentials have not ended.

    `meant` are the doors that it shall open, `joining` those of them that are still to take it, `leaving` the
    others that are still to forget it. `digits` is the PIN that most doors have. A mobile key has the address
    of its web key, and its session's token.
    """

    medium: Medium
    meant: tuple[str, ...] = ()
    joining: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    digits: str | None = None
    digits_at: dict[str, str]
    standing: bool = True
    asked: str | None = None
    url: str | None = None
    token: str | None = None

    @property
    def opens(self) -> tuple[str, ...]:
        """The doors that it may open now, by the hardware's own word."""
        placed = (door for door in self.meant if door not in self.joining)
        return tuple(dict.fromkeys((*placed, *self.leaving)))

    @property
    def is_changing(self) -> bool:
        """Whether doors come or go; a window that moves is told by itself."""
        return bool(self.leaving) or (bool(self.joining) and self.medium.moved_at is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBundle:
    """A bundle with its media, its doors, and those of them that are shut; `space_ids` are those that stand."""

    bundle: Bundle
    person: Person
    media: tuple[SeenMedium, ...]
    door_ids: tuple[str, ...]
    shut: tuple[str, ...]
    over: bool
    space_ids: tuple[str, ...] = ()

    @property
    def ended(self) -> bool:
        return self.bundle.ended_at is not None


async def see_bundles(kit: Kit, call: Call | None, view: View, bundles: Iterable[Bundle]) -> list[SeenBundle]:
    """Look at bundles that stand; those of people who are gone are left out. Without a call no link is shown."""
    seen = []
    for bundle in bundles:
        person = await view.people.get(bundle.person_id)
        if person is None:
            continue
        named = bundle.door_group_ids
        spaces = (await view.door_groups.list(WHOLE, ids=[*named])).items if named else ()
        meant = await doors_of_places(view, bundle.door_ids, named)
        seen.append(
            SeenBundle(
                bundle=bundle,
                person=person,
                media=tuple([await _see(kit, call, view, one) for one in await media_of(view, bundle)]),
                door_ids=await reached(view, bundle),
                shut=await _shut(view, bundle, meant, kit.now),
                over=bundle.validity.is_over(kit.now),
                space_ids=tuple(space.id for space in spaces),
            )
        )
    return seen


async def see_bundle(kit: Kit, call: Call | None, view: View, bundle_id: str) -> SeenBundle | None:
    """Look at one bundle; one that has ended is still there as long as a door has a code of it."""
    bundle = await view.bundles.get(bundle_id)
    if bundle is not None:
        return next(iter(await see_bundles(kit, call, view, [bundle])), None)
    bundle = await view.bundles.last_known(bundle_id)
    person = None if bundle is None else await view.people.get(bundle.person_id)
    if bundle is None or person is None:
        return None
    media = [await _see(kit, call, view, one) for one in await view.media.ended_of(bundle_id)]
    leaving = tuple(one for one in media if one.leaving)
    if not leaving:
        return None
    return SeenBundle(bundle=bundle, person=person, media=leaving, door_ids=(), shut=(), over=False)


async def see_medium(
    kit: Kit, call: Call | None, view: View, medium_id: str
) -> tuple[SeenMedium, SeenBundle] | None:
    """Look at one medium with its bundle; one that has ended is still there as long as a door has a code of it."""
    medium = await view.media.last_known(medium_id)
    seen = None if medium is None else await see_bundle(kit, call, view, medium.bundle_id)
    if medium is None or seen is None:
        return None
    one = next((known for known in seen.media if known.medium.id == medium_id), None)
    if one is None:
        one = await _see(kit, call, view, medium)
        if not one.leaving:
            return None
    return one, seen


async def _see(kit: Kit, call: Call | None, view: View, medium: Medium) -> SeenMedium:
    codes = (await view.door_codes.list(WHOLE, medium_ids=[medium.id])).items
    standing: list[DoorCode] = []
    leaving: list[DoorCode] = []
    digits: dict[str, str] = {}
    for code in codes:
        credential = await view.credentials.get(code.id)
        if credential is None or credential.ended_at is not None:
            leaving.append(code)
            continue
        standing.append(code)
        known = digits_of(kit, credential)
        if known is not None:
            digits[code.door_id] = known
    held = await _standing(view, medium.credential_id)
    web_key = await _standing(view, medium.web_key_id)
    meant = [code.door_id for code in standing] or ([] if held is None else sorted(held.door_ids))
    asked = kit.services.core.secrets.unseal(medium.asked).decode() if medium.asked else None
    is_loose = medium.kind is MediumKind.CARD and medium.credential_id is None
    return SeenMedium(
        medium=medium,
        meant=tuple(meant),
        joining=tuple(code.door_id for code in standing if code.stage not in _PLACED),
        leaving=tuple(code.door_id for code in leaving),
        digits=_shared(digits, asked),
        digits_at=digits,
        standing=bool(standing) or held is not None or is_loose,
        asked=asked,
        url=None
        if web_key is None or call is None
        else instant_key_url(kit, call.request, view.organization_id, web_key.id),
        token=None if web_key is None else await _token(kit, view, web_key),
    )


def _shared(digits: dict[str, str], asked: str | None) -> str | None:
    """Give the PIN that most doors have; the one that was asked for wherever some door has it."""
    known = [*digits.values()]
    return asked if asked in known else max(known, key=known.count, default=None)


async def _standing(view: View, credential_id: str | None) -> Credential | None:
    held = None if credential_id is None else await view.credentials.get(credential_id)
    return None if held is None or held.ended_at is not None else held


async def _token(kit: Kit, view: View, web_key: Credential) -> str | None:
    session = await view.client_sessions.get(session_of_key(web_key))
    if session is None or session.revoked_at is not None:
        return None
    return kit.services.core.secrets.unseal(session.sealed_token).decode()


async def _shut(view: View, bundle: Bundle, door_ids: Sequence[str], now: datetime) -> tuple[str, ...]:
    """Name the doors that the person can't open even within the window: ended, revoked or blocked elsewhere."""
    if bundle.validity.is_over(now):
        return ()
    start = bundle.validity.start
    at = now if start is None else max(now, start)
    record: HolderRecord | None = await view.access.holder(bundle.person_id)
    shut = []
    for door_id in door_ids:
        decision = decide(record, await view.access.door(door_id), at)
        if isinstance(decision, Denied) and decision.reason in _SHUT:
            shut.append(door_id)
    return tuple(shut)
