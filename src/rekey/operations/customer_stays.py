"""What a customer's pushed stays give: a bundle for each person, which follows whatever is pushed of the stay."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rekey.domain.bundle import Bundle, MediumKind
from rekey.domain.document import DocumentBody
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.validity import Validity
from rekey.operations.act import Act
from rekey.operations.bundle_media import WantedMedium
from rekey.operations.bundle_parts import media_of
from rekey.operations.edit_bundle import EditBundle, edit_bundle
from rekey.operations.end_bundle import AddMedia, EndBundle, EndMedia, add_media, end_bundle, end_media
from rekey.operations.give_bundle import GiveBundle, give_bundle
from rekey.operations.leavers import leaver_block
from rekey.operations.pins import DoorFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerStay:
    """Who may be where and when: a reservation, a booking or a grant in the customer's own words.

    A window without a start begins when the stay is first pushed. `shared_place_keys` are places that many
    stays have at once, so none takes them from another. `stay_key` and `external_key` go to its bundles,
    the latter to the first one alone. `code` is a PIN that is asked for.
    """

    kind: str
    key: str
    name: str = ""
    person_keys: tuple[str, ...] = ()
    place_keys: tuple[str, ...] = ()
    shared_place_keys: tuple[str, ...] = ()
    stay_key: str | None = None
    external_key: str | None = None
    code: str | None = field(default=None, repr=False)
    validity: Validity
    body: DocumentBody = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StayTerms:
    """What one bundle of a stay shall be; `number` is its place among those of the stay."""

    number: int
    person_id: str
    group_ids: tuple[str, ...]
    shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowStay:
    """What is pushed of a stay, and the ids of the bundles that an earlier form of it gave.

    `code_is_new` says that this form asks for another PIN than that one did.
    """

    customer_key: str
    stay: CustomerStay
    given: tuple[str, ...] = ()
    code_is_new: bool = False
    facts: tuple[DoorFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFollowed:
    """`given` are the ids of its bundles by now, ended ones among them; `standing` of these still stand."""

    given: tuple[str, ...]
    standing: int


def pushing(act: Act) -> Act:
    """Give the act in which bundles follow a push: no operator's word, so it lifts no operator's revocation."""
    return replace(act, permission=Permission.GRANTS_WRITE, actor=replace(act.actor, is_automation=True))


async def follow_stay(act: Act, wanted: FollowStay) -> StayFollowed:
    """Give, change and end the bundles of a stay within an act that records each of these as a part of its row.

    What somebody ended by hand is not given again, and nothing is given to who left.
    Raises: Conflict (other doors or days than others have who bear the same `stay_key`; no code is free),
    AlreadyExists (external_key), NotAllowed.
    """
    found = [await act.work.bundles.last_known(id_) for id_ in wanted.given]
    known = {(str(one.person_id), one.stay_key is None): one for one in found if one is not None}
    if wanted.stay.stay_key is None:
        known = {(person_id, False): one for (person_id, _shared), one in known.items()}
    terms = [one for one in await _terms(act, wanted) if not wanted.stay.validity.is_over(act.now)]
    meant = {(one.person_id, one.shared) for one in terms}
    kept: list[str] = []
    for about, bundle in known.items():
        if about in meant:
            continue
        # Who left keeps what the revocation left; what somebody ended by hand is remembered.
        if bundle.ended_at is not None or await leaver_block(act, bundle.person_id) is not None:
            kept.append(bundle.id)
        else:
            await end_stay_bundle(act, bundle.id)
    along = frozenset(one.id for one in known.values())
    standing = 0
    for one in terms:
        before = known.get((one.person_id, one.shared))
        kept.append(await _give(act, wanted, one) if before is None else before.id)
        standing += before is None or before.ended_at is None
        if before is not None and before.ended_at is None:
            await _change(act, wanted, before, terms=one, along=along)
    return StayFollowed(given=tuple(kept), standing=standing)


async def end_stay_bundle(act: Act, bundle_id: str) -> int:
    """End a bundle of a stay, and say how many that were: none, if somebody else did or the person is gone."""
    bundle = await act.work.bundles.get(bundle_id)
    if bundle is None or await act.work.people.get(bundle.person_id) is None:
        return 0
    await end_bundle(act, EndBundle(bundle_id=bundle_id))
    return 1


async def _terms(act: Act, wanted: FollowStay) -> list[StayTerms]:
    """Say which bundles the stay shall have: for each person one, and one more for the places that are shared."""
    stay = wanted.stay
    own, shared = (
        await _groups(act, wanted, stay.place_keys),
        await _groups(act, wanted, stay.shared_place_keys),
    )
    if stay.stay_key is None:
        own, shared = tuple(dict.fromkeys((*own, *shared))), ()
    terms: list[StayTerms] = []
    for key in dict.fromkeys(stay.person_keys):
        person = await act.work.people.by_external_key(key)
        if person is None or not await _may_have(act, wanted, person):
            continue
        for groups, is_shared in ((own, False), (shared, True)):
            if groups:
                one = StayTerms(number=len(terms), person_id=person.id, group_ids=groups, shared=is_shared)
                terms.append(one)
    return terms


async def _may_have(act: Act, wanted: FollowStay, person: Person) -> bool:
    return person.customer_key == wanted.customer_key and await leaver_block(act, person.id) is None


async def _groups(act: Act, wanted: FollowStay, keys: Sequence[str]) -> tuple[str, ...]:
    """Find the places; those of other customers are none of this one's."""
    found = [await act.work.door_groups.by_external_key(key) for key in dict.fromkeys(keys)]
    mine = {wanted.customer_key, None}
    return tuple(group.id for group in found if group is not None and group.customer_key in mine)


async def _give(act: Act, wanted: FollowStay, terms: StayTerms) -> str:
    stay = wanted.stay
    given = await give_bundle(
        act,
        GiveBundle(
            person_id=terms.person_id,
            name=stay.name,
            external_key=stay.external_key if terms.number == 0 else None,
            stay_key=None if terms.shared else stay.stay_key,
            validity=Validity(start=stay.validity.start or act.now, end=stay.validity.end),
            door_group_ids=terms.group_ids,
            media=(_medium(stay),),
            facts=wanted.facts,
            doors_may_wait=True,
        ),
    )
    return given.bundle.id


def _medium(stay: CustomerStay) -> WantedMedium:
    return WantedMedium(kind=MediumKind.CODE, code=stay.code)


async def _change(
    act: Act, wanted: FollowStay, bundle: Bundle, *, terms: StayTerms, along: frozenset[str]
) -> None:
    """Bring a bundle after what was pushed; the same again changes nothing."""
    stay = wanted.stay
    validity = _window(stay.validity, bundle.validity)
    if (stay.name, validity, terms.group_ids) != (bundle.name, bundle.validity, bundle.door_group_ids):
        edited = EditBundle(
            bundle_id=bundle.id,
            name=stay.name,
            validity=validity,
            door_group_ids=terms.group_ids,
            facts=wanted.facts,
            along=along,
        )
        await edit_bundle(act, edited)
    if wanted.code_is_new:
        await _another_code(act, wanted, bundle.id)


def _window(pushed: Validity, held: Validity) -> Validity:
    """Give the window that was pushed; one that names no start keeps the start it has."""
    if pushed.start is not None:
        return pushed
    kept = held.start is None or pushed.end is None or held.start < pushed.end
    return Validity(start=held.start if kept else None, end=pushed.end)


async def _another_code(act: Act, wanted: FollowStay, bundle_id: str) -> None:
    bundle = await act.work.bundles.get(bundle_id)
    if bundle is None:
        return
    codes = [one.id for one in await media_of(act.work, bundle) if one.kind is MediumKind.CODE]
    if codes:
        await end_media(act, EndMedia(medium_ids=tuple(codes)))
    await add_media(act, AddMedia(bundle_id=bundle_id, media=(_medium(wanted.stay),), facts=wanted.facts))
