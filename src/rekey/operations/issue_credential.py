"""issue_credential: a person or a link gets a card, key or code, or a card waits for its holder."""

from dataclasses import dataclass

from rekey.domain.credential import READ_AT_DOORS, Credential, CredentialKind, CredentialState
from rekey.domain.errors import Invalid
from rekey.domain.grant import Holder, HolderKind
from rekey.domain.ids import CredentialId, LinkId, OperatorId, PersonId
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.act import Act, operation
from rekey.operations.find import find_door
from rekey.operations.holders import CHANGES, refuse_gone
from rekey.operations.leavers import refuse_in_name_of
from rekey.operations.texts import clean_text

MAX_USES = 1_000_000
MAX_DOORS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCredential:
    """`fingerprint` is how the credential is found when presented; secrets come in hashed or sealed.

    `door_ids` limits it to these doors, `max_uses` to so many passages; `inactive` lets it wait until its
    holder activates it. `computed` is a PIN that the door's lock works out by itself.
    `operations.imprints` makes the fingerprints.
    """

    kind: CredentialKind
    fingerprint: str
    label: str = ""
    public_part: bytes = b""
    sealed_part: bytes = b""
    second_fingerprint: str = ""
    second_sealed_part: bytes = b""
    card_type: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    door_ids: frozenset[str] = frozenset()
    computed: bool = False
    max_uses: int | None = None
    origin: str = ""
    inactive: bool = False
    validity: Validity = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCredential(NewCredential):
    """Names the person or the link that holds it; with neither it is a card that waits for its holder."""

    person_id: str | None = None
    link_id: str | None = None


@operation(Permission.PEOPLE_WRITE)
async def issue_credential(act: Act, wanted: IssueCredential) -> Credential:
    """Issue a credential.

    Raises: NotFound, Gone (door), PersonLeft, NotAllowed (in another's name, by who is revoked somewhere or
    stands below), Invalid, AlreadyExists (fingerprint: some door could not tell it from another).
    """
    await act.require(Scope.organization(act.work.organization_id))
    if wanted.person_id is not None or wanted.link_id is not None:
        await refuse_in_name_of(act, wanted.person_id)
    credential = await put_credential(act, wanted)
    await act.record("credential.issued", person_id=credential.person_id, detail=credential_line(credential))
    return credential


async def put_credential(act: Act, wanted: IssueCredential) -> Credential:
    """Store a new credential within an act that records it. Raises: as `issue_credential`."""
    if wanted.person_id is not None and wanted.link_id is not None:
        raise Invalid("link_id", "and person_id exclude each other: name one holder")
    if wanted.person_id is None and wanted.link_id is None:
        if wanted.kind is not CredentialKind.CARD:
            raise Invalid("person_id", "must be given: only a card may wait for its holder")
        return await hold_credential(act, wanted, None)
    if wanted.link_id is not None:
        return await hold_credential(act, wanted, Holder.link(wanted.link_id))
    return await hold_credential(act, wanted, Holder.person(wanted.person_id or ""))


async def hold_credential(
    act: Act, wanted: NewCredential, holder: Holder | None, *, known_id: str | None = None
) -> Credential:
    """Store a new credential of this holder within an act that records it; `known_id` was given out before.

    Raises: as `issue_credential`.
    """
    if not wanted.fingerprint:
        raise Invalid("fingerprint", "must not be empty")
    await check_limits(act, wanted.kind, wanted.door_ids, wanted.max_uses)
    if holder is not None:
        await refuse_gone(act, holder)
    state = CredentialState.INACTIVE if wanted.inactive else CredentialState.ACTIVE
    credential = Credential(
        id=CredentialId(known_id or act.new_id()),
        number=act.next_number(),
        person_id=PersonId(holder.id) if holder and holder.kind is HolderKind.PERSON else None,
        link_id=LinkId(holder.id) if holder and holder.kind is HolderKind.LINK else None,
        kind=wanted.kind,
        fingerprint=wanted.fingerprint,
        label=clean_text(wanted.label, "label", limit=200),
        public_part=wanted.public_part,
        sealed_part=wanted.sealed_part,
        second_fingerprint=wanted.second_fingerprint,
        second_sealed_part=wanted.second_sealed_part,
        card_type=wanted.card_type,
        identifiers=wanted.identifiers,
        door_ids=wanted.door_ids,
        computed=wanted.computed,
        max_uses=wanted.max_uses,
        origin=wanted.origin,
        made_by=OperatorId(act.actor.operator_id),
        state=state if holder is not None else CredentialState.UNASSIGNED,
        validity=wanted.validity,
        activated_at=act.now if holder is not None and not wanted.inactive else None,
        created_at=act.now,
    )
    await act.work.credentials.add(credential)
    await note_change(act, credential)
    return credential


async def check_limits(
    act: Act, kind: CredentialKind, door_ids: frozenset[str], max_uses: int | None
) -> None:
    """Refuse limits that mean nothing. Raises: Invalid, NotFound, Gone."""
    if max_uses is not None and not 1 <= max_uses <= MAX_USES:
        raise Invalid("max_uses", f"must be from 1 to {MAX_USES}")
    if kind not in READ_AT_DOORS and (door_ids or max_uses is not None):
        raise Invalid("kind", "is no kind that doors read, so it takes no doors and no number of uses")
    if len(door_ids) > MAX_DOORS:
        raise Invalid("door_ids", f"must be at most {MAX_DOORS}")
    for door_id in sorted(door_ids):
        await find_door(act.work, door_id)


async def note_change(act: Act, credential: Credential) -> None:
    """Let the lists of the doors follow; those where this one door is meant, if it is one."""
    holder = credential.holder
    if holder is not None:
        only = Scope.door(next(iter(credential.door_ids))) if len(credential.door_ids) == 1 else None
        await act.changed(CHANGES[holder.kind], holder.id, only)


def credential_line(credential: Credential) -> dict[str, JsonValue]:
    """Give what the journal tells of a credential: never its secret."""
    return {
        "credential": credential.id,
        "kind": credential.kind.value,
        "label": credential.label,
        "link": credential.link_id,
        "card_type": credential.card_type or None,
        "doors": [*sorted(credential.door_ids)],
        "origin": credential.origin,
    }
