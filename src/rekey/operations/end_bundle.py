"""end_bundle, add_media, end_media and bind_card: what was given together ends, and its media come and go."""

from dataclasses import dataclass, replace

from rekey.domain.bundle import Bundle, Medium, MediumKind
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.door_code import DoorCode
from rekey.domain.errors import Conflict, Invalid
from rekey.domain.grant import Holder
from rekey.domain.journal import JournalRow
from rekey.domain.role import Permission
from rekey.operations.act import Act, operation
from rekey.operations.assign_credential import AssignCredential, held_by
from rekey.operations.bundle_media import WantedMedium, end_medium, medium_line
from rekey.operations.bundle_parts import (
    bundle_line,
    end_grants,
    facts_of,
    find_bundle,
    find_medium,
    grants_of_bundle,
    issue_line,
    media_of,
    places_of,
    reached,
)
from rekey.operations.edit_credential import EditCredential, edit_within
from rekey.operations.find import find_credential
from rekey.operations.give_bundle import BundleGiven, put_media
from rekey.operations.leavers import refuse_in_name_of, refuse_leaver
from rekey.operations.pins import DoorFacts
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter

MAX_ENDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBundle:
    bundle_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleEnded:
    """`codes` are those that must go from their doors."""

    bundle: Bundle
    codes: tuple[DoorCode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMedia:
    bundle_id: str
    media: tuple[WantedMedium, ...]
    facts: tuple[DoorFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMedia:
    medium_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BindCard:
    """Which card: one that waits for its holder, by its id or by a number that it goes by."""

    medium_id: str
    credential_id: str | None = None
    card_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBound:
    """No medium where no card of the stock has the number; the row says so too."""

    medium: Medium | None
    row: JournalRow


@operation(Permission.GRANTS_WRITE)
async def end_bundle(act: Act, wanted: EndBundle) -> BundleEnded:
    """End a bundle: its grants and its credentials, and nothing else of the person. Raises: NotFound, NotAllowed."""
    bundle = await find_bundle(act.work, wanted.bundle_id)
    for scope in await places_of(act.work, bundle):
        await act.require(scope)
    ended = await end_bundle_within(act, bundle)
    media = [(medium, codes) for medium, codes in ended]
    await act.record("bundle.ended", person_id=bundle.person_id, detail=bundle_line(bundle, media))
    return BundleEnded(bundle=bundle, codes=tuple(code for _medium, codes in ended for code in codes))


async def end_bundle_within(act: Act, bundle: Bundle) -> list[tuple[Medium, tuple[DoorCode, ...]]]:
    """End a bundle within an act that asked for the permission and records it; give its media with their codes."""
    await end_grants(act, await grants_of_bundle(act.work, bundle))
    ended = [(medium, await end_medium(act, medium)) for medium in await media_of(act.work, bundle)]
    await act.work.bundles.replace(replace(bundle, updated_at=act.now, ended_at=act.now))
    return ended


@operation(Permission.GRANTS_WRITE)
async def add_media(act: Act, wanted: AddMedia) -> BundleGiven:
    """Add media to a bundle, with its window and doors.

    Raises: NotFound, Invalid, PersonLeft, NotAllowed, Conflict (no code is free).
    """
    bundle = await find_bundle(act.work, wanted.bundle_id)
    for scope in await places_of(act.work, bundle):
        await act.require(scope)
    await refuse_leaver(act, bundle.person_id)
    await refuse_in_name_of(act, bundle.person_id)
    doors = await reached(act.work, bundle)
    before = await media_of(act.work, bundle)
    bundle, put = await put_media(act, bundle, wanted.media, facts_of(wanted.facts, doors))
    media = [(one.medium, one.codes) for one in put if one.medium is not None]
    detail = {**bundle_line(bundle, media), **await issue_line(act.work, bundle, before)}
    await act.record("bundle.media_added", person_id=bundle.person_id, detail=detail)
    return BundleGiven(
        bundle=bundle,
        media=tuple(medium for medium, _codes in media),
        codes=tuple(code for _medium, codes in media for code in codes),
    )


@operation(Permission.GRANTS_WRITE)
async def end_media(act: Act, wanted: EndMedia) -> tuple[Medium, ...]:
    """End media with their credentials; the grants of their bundles stay. Raises: NotFound, Invalid, NotAllowed."""
    if not 1 <= len(wanted.medium_ids) <= MAX_ENDS:
        raise Invalid("medium_ids", f"must be from 1 to {MAX_ENDS}")
    found = [await find_medium(act.work, id_) for id_ in dict.fromkeys(wanted.medium_ids)]
    for _medium, bundle in found:
        for scope in await places_of(act.work, bundle):
            await act.require(scope)
    ended = [(medium, bundle, await end_medium(act, medium)) for medium, bundle in found]
    people = {bundle.person_id for _medium, bundle, _codes in ended}
    await act.record(
        "bundle.media_ended",
        person_id=next(iter(people)) if len(people) == 1 else None,
        detail={
            "ended": [
                {**bundle_line(bundle, [(medium, codes)]), "person": bundle.person_id}
                for medium, bundle, codes in ended
            ]
        },
    )
    return tuple(medium for medium, _bundle, _codes in ended)


@operation(Permission.GRANTS_WRITE)
async def bind_card(act: Act, wanted: BindCard) -> CardBound:
    """Make a card of the organization's stock the card of a medium: it opens the bundle's doors in its window.

    Raises: NotFound, PersonLeft, NotAllowed, Invalid (a medium of another kind, no card), Conflict (either
    is taken, the card is suspended, or the bundle reaches no door).
    """
    medium, bundle = await find_medium(act.work, wanted.medium_id)
    for scope in await places_of(act.work, bundle):
        await act.require(scope)
    await refuse_leaver(act, bundle.person_id)
    await refuse_in_name_of(act, bundle.person_id)
    card = await _card(act, wanted, medium)
    if card is None:
        row = await act.record(
            "bundle.card_missing", person_id=bundle.person_id, detail={"medium": medium.id}
        )
        return CardBound(medium=None, row=row)
    doors = frozenset(await reached(act.work, bundle))
    if medium.kind is not MediumKind.CARD or card.kind is not CredentialKind.CARD:
        raise Invalid("medium_id", "must be one that takes a card")
    own = medium.credential_id == card.id
    if not doors or (medium.credential_id is not None and not own) or (card.holder is not None and not own):
        raise Conflict("this card or this medium is taken, or there is no door to open")
    limited = replace(EditCredential.of(card), door_ids=doors, validity=bundle.validity)
    if not own:
        holder = Holder.person(bundle.person_id)
        card = held_by(act, card, AssignCredential(credential_id=card.id, holder=holder))
        await act.work.credentials.replace(card)
    await edit_within(act, card, limited)
    before = await media_of(act.work, bundle)
    bound = replace(medium.ready(act.now), credential_id=card.id)
    await act.work.media.replace(bound)
    row = await act.record(
        "bundle.card_bound",
        person_id=bundle.person_id,
        detail={
            **bundle_line(bundle),
            "media": [medium_line(bound)],
            "credential": card.id,
            "again": medium.issues > 0,
            **await issue_line(act.work, bundle, before),
        },
    )
    return CardBound(medium=bound, row=row)


async def _card(act: Act, wanted: BindCard, medium: Medium) -> Credential | None:
    """Find the card; by a number, one of the stock or the medium's own."""
    if wanted.credential_id is not None:
        return await find_credential(act.work, wanted.credential_id)
    number = wanted.card_number or ""
    by_number = CredentialFilter(identifier=("card_number", number))
    numbered = (await act.work.credentials.list(WHOLE, kind=CredentialKind.CARD, matching=by_number)).items
    free = CredentialFilter(states=(CredentialState.UNASSIGNED,))
    stock = (await act.work.credentials.list(WHOLE, kind=CredentialKind.CARD, matching=free)).items
    fit = [*numbered, *(card for card in stock if card.label == number)]
    return next((card for card in fit if card.holder is None or card.id == medium.credential_id), None)
