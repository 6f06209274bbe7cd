"""present_credential and use_link: something is presented at a door, and the rule decides."""

from dataclasses import dataclass, replace

from rekey.domain.access import DoorRecord, HolderRecord, Presented, decide
from rekey.domain.circumstances import AT_READER, Circumstances, Means
from rekey.domain.credential import READ_AT_DOORS, Credential, CredentialKind
from rekey.domain.decision import Decision, Denied, DenyReason, Granted
from rekey.domain.door_order import DoorOrder, OrderKind, OrderState
from rekey.domain.errors import Invalid, NotFound
from rekey.domain.ids import OperatorId, OrderId
from rekey.domain.journal import JournalRow, JsonValue, Outcome
from rekey.domain.link import Link
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.await_activation import activate_at_door
from rekey.operations.find import find_door_record
from rekey.operations.holders import CHANGES, name_of, record_of
from rekey.operations.open_door import LIFE
from rekey.operations.stays import Use, note_use, taken_line
from rekey.ports.attempts import AttemptKind
from rekey.ports.store import View

_NOBODYS = frozenset({DenyReason.CREDENTIAL_UNKNOWN, DenyReason.CREDENTIAL_NOT_FOR_DOOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentCredential:
    """What was read, by its fingerprint, and the fingerprint of the PIN that was typed beside it, if any."""

    door_id: str
    kind: CredentialKind
    fingerprint: str
    second_fingerprint: str = ""
    circumstances: Circumstances = AT_READER


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """What became of it: no order when Denied, no credential when nobody knows what was presented."""

    decision: Decision
    order: DoorOrder | None
    door: DoorRecord
    row: JournalRow
    credential: Credential | None
    holder_name: str = ""


@operation(Permission.DOORS_OPEN)
async def present_credential(act: Act, wanted: PresentCredential) -> Presentation:
    """Decide what a reader or a keypad has read, and order the opening; every outcome leaves one row.

    A card that waits for its holder is activated by being presented.

    Raises: NotFound, Gone (door), NotSignedIn, NotAllowed (who may not speak for this door), Invalid (kind),
    TooManyRequests (too many wrong codes at this door).
    """
    door = await find_door_record(act.work, wanted.door_id)
    await act.require(Scope.door(door.door_id))
    return await _present(act, wanted, door)


@operation(None)
async def use_link(act: Act, wanted: PresentCredential) -> Presentation:
    """Decide for whoever shows the secret of a link, who need not be an operator.

    Raises: NotFound for a secret that nobody here knows, or a door; Gone; Invalid (kind).
    """
    if wanted.kind is not CredentialKind.LINK:
        raise Invalid("kind", "must be link")
    if await find_presented(act.work, wanted.kind, wanted.fingerprint, wanted.door_id) is None:
        raise NotFound("link", "")
    act.waive("whoever has the secret has the link, and the rule decides what the link may")
    door = await find_door_record(act.work, wanted.door_id)
    return await _present(act, replace(wanted, circumstances=_by_link(wanted.circumstances)), door)


async def find_presented(
    view: View, kind: CredentialKind, fingerprint: str, door_id: str
) -> Credential | None:
    """Find the credential that is meant at this door; else one that looks alike, an ended one last."""
    alike = await view.credentials.sharing(kind, fingerprint)
    meant = [credential for credential in alike if credential.counts_at(door_id)]
    if meant or alike:
        return (meant or alike)[0]
    return await view.credentials.by_fingerprint(kind, fingerprint)


async def _present(act: Act, wanted: PresentCredential, door: DoorRecord) -> Presentation:
    if wanted.kind not in READ_AT_DOORS:
        raise Invalid("kind", "must be something that doors read")
    _check_guesses(act, wanted, door)
    credential = await find_presented(act.work, wanted.kind, wanted.fingerprint, door.door_id)
    activated = None if credential is None else await activate_at_door(act, credential)
    credential = activated or credential
    holder = None if credential is None else credential.holder
    record = None if holder is None else await record_of(act.work, holder)
    presented = Presented(credential, wanted.second_fingerprint)
    decision = decide(record, door, act.now, presented, circumstances=wanted.circumstances)
    _count_guess(act, wanted, door, decision)
    name = "" if holder is None else await name_of(act.work, holder)
    order = None
    extra: dict[str, JsonValue] = {"activated": True} if activated is not None else {}
    if isinstance(decision, Granted) and credential is not None and record is not None:
        await _count_use(act, credential, record)
        use = Use(
            holder=record,
            door=door,
            granted=decision,
            credential=credential,
            circumstances=wanted.circumstances,
        )
        extra |= taken_line(await note_use(act, use))
        order = _order(act, wanted, door, credential=credential)
        await act.work.orders.add(order)
    row = await _record(
        act, wanted, door, decision=decision, credential=credential, name=name, order=order, extra=extra
    )
    return Presentation(
        decision=decision, order=order, door=door, row=row, credential=credential, holder_name=name
    )


def _check_guesses(act: Act, wanted: PresentCredential, door: DoorRecord) -> None:
    """Refuse what is typed where too much was typed wrongly, the right digits too. Raises: TooManyRequests."""
    if wanted.kind is CredentialKind.PIN or wanted.second_fingerprint:
        act.attempts.check(AttemptKind.PIN, door.organization_id, door.door_id, door.door_id)


def _count_guess(act: Act, wanted: PresentCredential, door: DoorRecord, decision: Decision) -> None:
    """Count digits that nobody has, and those that do not belong to the card."""
    if not isinstance(decision, Denied):
        return
    unknown = wanted.kind is CredentialKind.PIN and decision.reason in _NOBODYS
    if unknown or decision.reason is DenyReason.SECOND_FACTOR_WRONG:
        act.attempts.count(AttemptKind.PIN, door.organization_id, door.door_id, door.door_id)


async def _count_use(act: Act, credential: Credential, record: HolderRecord) -> None:
    """Count the passage in the act that grants it, so that the last use is given once."""
    limited = credential.max_uses is not None
    used = replace(credential, uses=credential.uses + 1 if limited else 0, last_used_at=act.now)
    await act.work.credentials.replace(used)
    if record.link is not None:
        limited = await _count_link(act, record.link) or limited
    if limited:
        await act.changed(CHANGES[record.holder.kind], record.holder.id)


async def _count_link(act: Act, link: Link) -> bool:
    if link.max_uses is None:
        await act.work.links.used(link.id, act.now)
        return False
    await act.work.links.replace(replace(link, uses=link.uses + 1, last_used_at=act.now))
    return True


def _order(act: Act, wanted: PresentCredential, door: DoorRecord, *, credential: Credential) -> DoorOrder:
    return DoorOrder(
        id=OrderId(act.new_id()),
        number=act.next_number(),
        door_id=door.door_id,
        kind=OrderKind.OPEN,
        seconds=door.settings.open_seconds,
        person_id=credential.person_id,
        link_id=credential.link_id,
        operator_id=OperatorId(act.actor.operator_id),
        credential_id=credential.id,
        circumstances=wanted.circumstances,
        via=act.actor.via,
        state=OrderState.SENT,
        position=act.position,
        created_at=act.now,
        expires_at=act.now + LIFE,
    )


async def _record(
    act: Act,
    wanted: PresentCredential,
    door: DoorRecord,
    *,
    decision: Decision,
    credential: Credential | None,
    name: str,
    order: DoorOrder | None,
    extra: dict[str, JsonValue],
) -> JournalRow:
    detail: dict[str, JsonValue] = {
        "order": None if order is None else order.id,
        "kind": wanted.kind.value,
        "means": wanted.circumstances.means.value,
        "address": wanted.circumstances.address,
        "credential": None if credential is None else credential.id,
        "label": "" if credential is None else credential.label,
        "link": None if credential is None else credential.link_id,
        "name": name,
        **extra,
    }
    if isinstance(decision, Denied):
        detail |= {"reason": decision.reason.value, "cause": decision.cause_id}
    else:
        detail |= {"grant": decision.path.grant.id, "team": decision.path.team_id}
    return await act.record(
        "door.open_requested",
        outcome=Outcome.DENIED if isinstance(decision, Denied) else Outcome.GRANTED,
        person_id=None if credential is None else credential.person_id,
        door_id=door.door_id,
        site_id=door.site_id,
        detail=detail,
    )


def _by_link(circumstances: Circumstances) -> Circumstances:
    """Nothing that a stranger's browser says proves more than that a link was used."""
    return Circumstances(means=Means.LINK, address=circumstances.address)
