"""await_activation, activate_by_token: a credential waits until its holder says, by mail or at a door, that it came."""

from dataclasses import dataclass

from rekey.domain.challenge import ChallengePurpose
from rekey.domain.credential import Credential, CredentialState
from rekey.domain.errors import Conflict
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.activate_credential import activate_within
from rekey.operations.challenges import CodeForm, NewChallenge, make_challenge, take_token
from rekey.operations.find import find_credential
from rekey.operations.issue_credential import credential_line
from rekey.operations.post import Letter, post
from rekey.operations.waiting_credentials import LIFE, stop_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitActivation:
    """The letter's `{code}` becomes the token. Without a letter, or an address, only a tap activates."""

    credential_id: str
    letter: Letter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateByToken:
    token: str


@operation(Permission.PEOPLE_WRITE)
async def await_activation(act: Act, wanted: AwaitActivation) -> Credential:
    """Let an inactive credential be activated by its holder within 14 days, once, by mailed token or by tap.

    Raises: NotFound, Conflict (it does not wait for its holder), TooManyRequests.
    """
    await act.require(Scope.organization(act.work.organization_id))
    credential = await find_credential(act.work, wanted.credential_id)
    if credential.state is not CredentialState.INACTIVE or credential.person_id is None:
        raise Conflict("this credential does not wait for a person to activate it")
    person = await act.work.people.get(credential.person_id)
    address = "" if person is None else person.email or ""
    asked = NewChallenge(
        purpose=ChallengePurpose.ACTIVATE_CREDENTIAL,
        subject_id=credential.id,
        address=address,
        form=CodeForm.TOKEN,
        life=LIFE,
    )
    token = await make_challenge(act, asked)
    mailed = bool(address) and wanted.letter is not None
    if mailed and wanted.letter is not None:
        await post(act, address, wanted.letter.with_code(token))
    await act.record(
        "credential.activation_awaited",
        person_id=credential.person_id,
        detail={**credential_line(credential), "mailed": mailed},
    )
    return credential


@operation(None)
async def activate_by_token(act: Act, wanted: ActivateByToken) -> Credential:
    """Activate the credential whose token came back. Raises: NotFound, Gone, Conflict, PersonLeft."""
    act.waive("whoever reads the holder's mail is the holder, as far as a mailed token can tell")
    challenge = await take_token(act, ChallengePurpose.ACTIVATE_CREDENTIAL, wanted.token)
    credential = await find_credential(act.work, challenge.subject_id)
    activated = await activate_within(act, credential, active=True)
    await act.record(
        "credential.activated_by_token", person_id=activated.person_id, detail=credential_line(activated)
    )
    return activated


async def activate_at_door(act: Act, credential: Credential) -> Credential | None:
    """Activate what waits for its holder, within the act that decides a tap; None for what does not wait."""
    if credential.state is not CredentialState.INACTIVE or not await stop_waiting(act, credential.id):
        return None
    return await activate_within(act, credential, active=True)
