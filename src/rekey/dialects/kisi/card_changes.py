"""What is done to cards, whether it is asked of a card or of its assignment. Source: contract 6.1 and 6.2."""

from dataclasses import replace

from rekey.dialects.kisi.attributes import Attributes
from rekey.dialects.kisi.card_notes import noted_assignment
from rekey.dialects.kisi.errors import Unauthorized, Unprocessable
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, actor_of, guest_numbered, person_numbered
from rekey.dialects.kisi.letters import card_pin, card_to_activate
from rekey.dialects.kisi.notes import note, notes_of
from rekey.domain.credential import Credential
from rekey.domain.document import DocumentBody
from rekey.domain.errors import Conflict, Gone, Invalid, NotFound
from rekey.domain.estate import Organization
from rekey.domain.grant import Holder
from rekey.domain.ids import OperatorId
from rekey.domain.operator import Actor
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.activate_credential import ActivateCredential, activate_credential
from rekey.operations.annotate import AnnotatedKind
from rekey.operations.assign_credential import (
    AssignCredential,
    UnassignCredential,
    assign_credential,
    unassign_credential,
)
from rekey.operations.await_activation import (
    ActivateByToken,
    AwaitActivation,
    activate_by_token,
    await_activation,
)
from rekey.operations.do_together import Step
from rekey.operations.edit_credential import EditCredential, edit_credential
from rekey.operations.imprints import Imprint, second_imprint
from rekey.operations.tell_holder import TellHolder, tell_holder
from rekey.ports.attempts import AttemptKind
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_BAD_TOKEN = "This token is unknown, spent or expired"  # noqa: S105  # what is said of one
_VIA = "kisi"


class PinWish:
    """A PIN that is to be typed beside a card, as it was sent: new, taken away, or left as it is."""

    def __init__(self, kit: Kit, given: Attributes) -> None:
        self.is_given = given.has("two_factor_pin")
        self.digits = given.text("two_factor_pin")
        self.tells = given.flag("send_two_factor_pin_notification")
        self.imprint: Imprint | None = None
        if self.digits is not None:
            try:
                self.imprint = second_imprint(kit.services.core.secrets, self.digits, "two_factor_pin")
            except Invalid as invalid:
                given.refuse(invalid.field, invalid.reason)

    def telling(self, organization: Organization, card: Credential, person_id: str) -> tuple[Step, ...]:
        """Give the step that mails the PIN to the holder; none unless that is wished."""
        if not (self.tells and self.digits is not None):
            return ()
        letter = card_pin(organization, card.number, self.digits)
        return (
            Step(operation=tell_holder, wanted=TellHolder(holder=Holder.person(person_id), letter=letter)),
        )


async def assign(kit: Kit, request: Request, card: Credential, *, person: Person, pin: PinWish) -> Credential:
    """Give a card to a person, who has to activate it. Raises: Unprocessable for one that somebody holds."""
    if card.holder is not None:
        await kit.require(request, Permission.PEOPLE_WRITE)
        raise Unprocessable({"card": ["is assigned already"]})
    organization = await kit.look(request, lambda view: view.organizations.get())
    notes = await kit.look(request, lambda view: notes_of(view, card.id))
    wanted = AssignCredential(
        credential_id=card.id, holder=Holder.person(person.id), inactive=True, second=pin.imprint
    )
    operator_id = actor_of(request).operator_id
    changes = noted_assignment(notes, kit.now(), operator_id, tells_pin=pin.tells is True)
    letter = card_to_activate(organization, card.number)
    try:
        made = await kit.together(
            request,
            Step(operation=assign_credential, wanted=wanted),
            *note(AnnotatedKind.CREDENTIAL, card.id, changes),
            Step(operation=await_activation, wanted=AwaitActivation(credential_id=card.id, letter=letter)),
            *pin.telling(organization, card, person.id),
        )
    except Conflict as taken:
        raise Unprocessable({"card": ["is assigned or suspended"]}) from taken
    assigned: Credential = made[0]
    return assigned


async def change_pin(kit: Kit, request: Request, card: Credential, pin: PinWish) -> Reply:
    """Set or take away the PIN that is typed beside a card that somebody holds."""
    organization = await kit.look(request, lambda view: view.organizations.get())
    edited = EditCredential.of(card)
    if pin.is_given:
        kept = pin.imprint
        edited = replace(
            edited,
            second_fingerprint="" if kept is None else kept.fingerprint,
            second_sealed_part=b"" if kept is None else kept.sealed_part,
        )
    noted: DocumentBody = {} if pin.tells is None else {"tells_pin": True if pin.tells else None}
    await kit.together(
        request,
        Step(operation=edit_credential, wanted=edited),
        *note(AnnotatedKind.CREDENTIAL, card.id, noted),
        *pin.telling(organization, card, card.person_id or ""),
    )
    return NO_CONTENT


async def turn(kit: Kit, request: Request, card: Credential, *, active: bool) -> Reply:
    """Activate or deactivate a card. Raises: Unprocessable for one that nobody holds."""
    try:
        wanted = ActivateCredential(credential_id=card.id, active=active)
        await kit.perform(request, activate_credential, wanted)
    except Conflict as refused:
        raise Unprocessable({"base": [str(refused)]}) from refused
    return NO_CONTENT


async def deassign(kit: Kit, request: Request, card: Credential) -> Reply:
    await kit.perform(request, unassign_credential, UnassignCredential(credential_id=card.id))
    return NO_CONTENT


async def activate_with_token(kit: Kit, request: Request) -> Reply:
    """Activate a card with the token that its holder was mailed; it names the organization before its last dot."""
    domain, _dot, token = request.params["token"].rpartition(".")
    organization_id = await kit.organization_of(request, domain or None)
    core = kit.services.core
    core.attempts.count(AttemptKind.CODE, organization_id or "", "card", request.client)
    if organization_id is None:
        raise Unauthorized(_BAD_TOKEN)
    stranger = Actor(
        organization_id=organization_id,
        operator_id=OperatorId(core.entropy.new_id()),
        key_id=None,
        via=_VIA,
        address=request.client,
    )
    try:
        await core.perform(activate_by_token, stranger, ActivateByToken(token=token))
    except (NotFound, Gone) as unknown:
        raise NotFound("token", "") from unknown
    return NO_CONTENT


async def assignee_of_body(view: View, kind: str, number: int) -> Person:
    """Raises: Unprocessable for who is not there."""
    find = guest_numbered if kind == "Guest" else person_numbered
    try:
        return await find(view, number)
    except NotFound as unknown:
        raise Unprocessable({"assignee": ["must exist"]}) from unknown
