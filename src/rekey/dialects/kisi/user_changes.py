"""What a create or an update of a user, or of a member, comes to: steps of one act. Source: contract 3.1, 8."""

from rekey.dialects.kisi.attributes import Attributes
from rekey.dialects.kisi.notes import metadata_of, note, note_beside_new, texts_of
from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.document import DocumentBody
from rekey.domain.people import Person
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.annotate import AnnotatedKind
from rekey.operations.do_together import Step
from rekey.operations.edit_person import UNCHANGED, EditPerson, edit_person
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.post import Letter
from rekey.operations.take_up_invitation import InviteToAccount, invite_to_account


def steps_of_new(user: Attributes, welcome: Letter) -> tuple[Step, ...]:
    """Read a new user, who is welcomed by mail. A managed one is not, and unless said otherwise has no password.

    Raises: Unprocessable.
    """
    email, name, notes = user.text("email", required=True), user.text("name"), user.text("notes")
    enabled, password = user.flag("access_enabled"), user.flag("password_flow_enabled")
    confirm, mails = user.flag("confirm") is True, user.flag("send_emails") is not False
    beside = _beside(user)
    user.check()
    if confirm:
        beside |= {"confirmed": True}
    managed = confirm and not mails
    added = AddPerson(
        name=name or email or "",
        email=email,
        notes=notes or "",
        password_sign_in=not managed if password is None else password,
    )
    steps = [Step(operation=add_person, wanted=added)]
    if enabled is False:
        steps.append(Step(operation=place_block, make=lambda person: _off(person.id)))
    steps += note_beside_new(AnnotatedKind.PERSON, beside)
    if mails and not confirm:
        steps.append(
            Step(
                operation=invite_to_account,
                make=lambda person: InviteToAccount(person_id=person.id, letter=welcome),
            )
        )
    return tuple(steps)


def steps_of_change(user: Attributes, person: Person, *, enabled: bool) -> tuple[Step, ...]:
    """Read a change of a user whose access switch stands at `enabled`. Raises: Unprocessable.

    Turning a switch to where it stands is no second act. A `scim_access_enabled` of false closes the doors
    too; true is the directory's alone.
    """
    name, notes, password = user.new_name("name"), user.new_text("notes"), user.flag("password_flow_enabled")
    wanted, beside = _wanted_access(user), _beside(user)
    user.check()
    steps: list[Step] = []
    if wanted is not None and wanted is not enabled:
        verb, switch = (lift_block, _on) if wanted else (place_block, _off)
        steps.append(Step(operation=verb, wanted=switch(person.id)))
    if password is person.password_sign_in:
        password = None
    if not (name is None and notes is None and password is None):
        change = EditPerson(
            person_id=person.id,
            name=UNCHANGED if name is None else name,
            notes=UNCHANGED if notes is None else notes,
            password_sign_in=UNCHANGED if password is None else password,
        )
        steps.append(Step(operation=edit_person, wanted=change))
    return (*steps, *note(AnnotatedKind.PERSON, person.id, beside))


def _beside(user: Attributes) -> DocumentBody:
    return {**texts_of(user, "image"), **metadata_of(user)}


def _wanted_access(user: Attributes) -> bool | None:
    """Say what the switches are wanted to be: a false of either closes, only `access_enabled` opens."""
    enabled, directory = user.flag("access_enabled"), user.flag("scim_access_enabled")
    return False if directory is False else enabled


def _off(person_id: str) -> PlaceBlock:
    return PlaceBlock(subject=Subject(SubjectKind.PERSON, person_id), cause=BlockCause.ACCESS_SWITCH)


def _on(person_id: str) -> LiftBlock:
    return LiftBlock(subject=Subject(SubjectKind.PERSON, person_id), cause=BlockCause.ACCESS_SWITCH)
