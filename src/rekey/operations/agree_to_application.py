"""agree_to_application: somebody lets an application act with the own rights."""

from dataclasses import dataclass
from datetime import timedelta

from rekey.domain.application import Application
from rekey.domain.consent import Consent, is_challenge
from rekey.domain.errors import Invalid, NotAllowed, NotFound
from rekey.domain.ids import ConsentId, OrganizationId
from rekey.domain.operator import Actor, KeyKind
from rekey.operations.act import Act, operation
from rekey.operations.core import Core
from rekey.operations.directory_switch import refuse_switched_off
from rekey.operations.find_application import find_application
from rekey.operations.issue_key import IssueKey, put_key
from rekey.operations.leavers import refuse_leaver
from rekey.operations.open_session import prove_password
from rekey.operations.sign_in import PasswordProof, by_password

CODE_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRequest:
    """What an application asks for: where its code goes, and by what it will prove that it asked."""

    application_id: str
    return_url: str | None = None
    challenge: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeToApplication:
    """Comes after the password was checked against `password_hash`, which must still be the stored one."""

    operator_id: str
    password_hash: str
    code: str | None
    request: ConsentRequest
    code_fingerprint: str
    via: str


@operation(None)
async def agree_to_application(act: Act, wanted: AgreeToApplication) -> Consent:
    """Give an application a code that counts once, for five minutes, for keys of this account.

    Raises: NotSignedIn, SecondFactorNeeded, WrongCode, TooManyRequests, NotFound (application), NotAllowed (a
    suspended one, an account that is nobody's), PersonLeft, Invalid (return_url, challenge).
    """
    act.waive("the password stands in for it")
    operator = await prove_password(act, wanted.operator_id, wanted.password_hash, wanted.code)
    if operator.person_id is None:
        raise NotAllowed("only a person can let an application act")
    await refuse_leaver(act, operator.person_id)
    await refuse_switched_off(act, operator)
    application = await find_application(act.work, wanted.request.application_id)
    consent = Consent(
        id=ConsentId(act.new_id()),
        application_id=application.id,
        operator_id=operator.id,
        return_url=return_url_of(application, wanted.request),
        return_named=wanted.request.return_url is not None,
        challenge=wanted.request.challenge,
        created_at=act.now,
    )
    await act.work.consents.add(consent)
    code = IssueKey(
        operator_id=operator.id,
        kind=KeyKind.CONSENT_CODE,
        name=application.name,
        via=wanted.via,
        secret_fingerprint=wanted.code_fingerprint,
        expires_at=act.now + CODE_LIFE,
        consent_id=consent.id,
    )
    key = await put_key(act, code)
    await act.record(
        "consent.given",
        person_id=operator.person_id,
        detail={
            "consent": consent.id,
            "application": application.id,
            "name": application.name,
            "operator": operator.id,
            "key": key.id,
        },
    )
    return consent


def return_url_of(application: Application, request: ConsentRequest) -> str:
    """Give where the answer goes: one of the application's own addresses, letter by letter.

    Raises: NotFound for an application that asks nobody, NotAllowed for a suspended one, Invalid (return_url,
    challenge).
    """
    if not application.secret_fingerprint or not application.return_urls:
        raise NotFound("application", application.id)
    if application.suspended:
        raise NotAllowed("this application is suspended")
    known, named = application.return_urls, request.return_url
    if named not in known if named is not None else len(known) != 1:
        raise Invalid("return_url", "must be one of the application's own")
    if request.challenge and not is_challenge(request.challenge):
        raise Invalid("challenge", "must be the S256 form of a verifier")
    return known[0] if named is None else named


async def agree_by_password(
    core: Core,
    organization_id: OrganizationId,
    proof: PasswordProof,
    *,
    request: ConsentRequest,
    code_fingerprint: str,
) -> Consent:
    """Let an application act for whom the address and the password name. Raises: as `agree_to_application`."""

    async def agree(actor: Actor, stored: str) -> Consent:
        wanted = AgreeToApplication(
            operator_id=actor.operator_id,
            password_hash=stored,
            code=proof.code,
            request=request,
            code_fingerprint=code_fingerprint,
            via=proof.via,
        )
        return await core.perform(agree_to_application, actor, wanted)

    _actor, consent = await by_password(core, organization_id, proof, agree)
    return consent
