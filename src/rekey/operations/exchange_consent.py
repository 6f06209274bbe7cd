"""exchange_code, renew_consent: an application gets keys for a code, or new ones for its refresh key."""

from dataclasses import dataclass
from datetime import timedelta

from rekey.domain.application import Application
from rekey.domain.consent import Consent
from rekey.domain.errors import NotSignedIn
from rekey.domain.ids import OrganizationId
from rekey.domain.journal import JsonValue
from rekey.domain.operator import Key, KeyKind, Operator
from rekey.operations.act import Act, operation
from rekey.operations.authority import check_key
from rekey.operations.consents import end_consent
from rekey.operations.core import Core
from rekey.operations.directory_switch import refuse_switched_off
from rekey.operations.issue_key import IssueKey, put_key
from rekey.operations.leavers import refuse_leaver
from rekey.ports.store import View

ACCESS_LIFE = timedelta(hours=2)
REFRESH_IDLE = timedelta(days=182)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The key that an application gives back, who it proved to be, and the hashes of the new secrets."""

    key_id: str
    application_id: str
    application_secret: str
    access_fingerprint: str
    refresh_fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeCode:
    given: Given
    return_url: str | None = None
    verifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewConsent:
    given: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentKeys:
    access: Key
    refresh: Key


@dataclass(frozen=True, slots=True)
class _Held:
    key: Key
    consent: Consent
    application: Application


@operation(None)
async def exchange_code(act: Act, wanted: ExchangeCode) -> ConsentKeys | None:
    """Give an application an access key for two hours and a refresh key for its code.

    None for a code that came back a second time, from elsewhere or without its proof: whoever holds it may not
    be who it was given to, so all keys of the consent end. Raises: NotSignedIn (another application, a code that
    expired, an account that ended or was switched off), PersonLeft.
    """
    held = await _held(act, wanted.given, KeyKind.CONSENT_CODE)
    fits = held.consent.returns_to(wanted.return_url) and held.consent.is_proved_by(wanted.verifier)
    return await _turn(act, held, wanted.given, "consent.taken_up" if fits else None)


@operation(None)
async def renew_consent(act: Act, wanted: RenewConsent) -> ConsentKeys | None:
    """Give an application new keys for its refresh key, which ends, as does the access key beside it.

    None for a refresh key that had ended: two hold it, so all keys of the consent end. Raises: as `exchange_code`.
    """
    held = await _held(act, wanted.given, KeyKind.CONSENT_REFRESH)
    return await _turn(act, held, wanted.given, "consent.renewed")


async def prove_application(
    core: Core, organization_id: OrganizationId, *, application_id: str, secret: str
) -> Application:
    """Find the application whose secret this is. Raises: NotSignedIn, also for a suspended one."""
    fingerprint = core.secrets.fingerprint(secret)

    async def look(view: View) -> Application:
        return await _proved(view, application_id, fingerprint)

    return await core.store.read(organization_id, look)


async def _proved(view: View, application_id: str, fingerprint: str) -> Application:
    application = await view.applications.get(application_id)
    if application is None or application.suspended or application.secret_fingerprint != fingerprint:
        raise NotSignedIn("this application is unknown, ended or suspended, or its secret is wrong")
    return application


async def _held(act: Act, given: Given, kind: KeyKind) -> _Held:
    act.waive("the application's secret and the key that it gives back stand in for it")
    application = await _proved(act.work, given.application_id, given.application_secret)
    key = await act.work.keys.get(given.key_id)
    if key is None or key.kind is not kind or key.consent_id is None:
        raise NotSignedIn("this key is unknown or of another kind")
    consent = await act.work.consents.get(key.consent_id)
    if consent is None or consent.application_id != application.id:
        raise NotSignedIn("this key was given to another application")
    return _Held(key, consent, application)


async def _turn(act: Act, held: _Held, given: Given, action: str | None) -> ConsentKeys | None:
    """End the keys that stand and put new ones in their place; none for a key that had ended, or without an action."""
    operator = await _operator(act, held.key)
    if held.key.ended_at is None:
        check_key(held.key, act.now)
    await end_consent(act, operator.id, held.consent.id)
    if held.key.ended_at is not None or action is None:
        await _record(act, "consent.ended", operator, held)
        return None
    access = IssueKey(
        operator_id=operator.id,
        kind=KeyKind.CONSENT_ACCESS,
        name=held.application.name,
        via=held.key.via,
        secret_fingerprint=given.access_fingerprint,
        expires_at=act.now + ACCESS_LIFE,
        consent_id=held.consent.id,
    )
    refresh = IssueKey(
        operator_id=operator.id,
        kind=KeyKind.CONSENT_REFRESH,
        name=held.application.name,
        via=held.key.via,
        secret_fingerprint=given.refresh_fingerprint,
        idle_limit=REFRESH_IDLE,
        consent_id=held.consent.id,
    )
    keys = ConsentKeys(access=await put_key(act, access), refresh=await put_key(act, refresh))
    await _record(act, action, operator, held)
    return keys


async def _operator(act: Act, key: Key) -> Operator:
    """Find whom the key is for, who must be let in today. Raises: NotSignedIn, PersonLeft."""
    operator = await act.work.operators.get(key.operator_id)
    if operator is None or operator.person_id is None:
        raise NotSignedIn("this account has ended")
    await refuse_leaver(act, operator.person_id)
    await refuse_switched_off(act, operator)
    return operator


async def _record(act: Act, action: str, operator: Operator, held: _Held) -> None:
    detail: dict[str, JsonValue] = {
        "consent": held.consent.id,
        "application": held.application.id,
        "name": held.application.name,
        "operator": operator.id,
    }
    await act.record(action, person_id=operator.person_id, detail=detail)
