"""Tokens that applications sign for their own users: read strictly, and taken to the core's introduction.

A key is found by its `kid` among those that are registered, never by what a token brings along or links to.
Source: Doordeck contract, rule 2 and section 2.3.
"""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rekey.dialects.doordeck.kit import VIA, SignedIn, Vouched
from rekey.domain.application import Application, UrlKind
from rekey.domain.errors import Invalid, NotSignedIn
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor, Voucher
from rekey.operations.core import Core
from rekey.operations.introduce_person import Introduced, IntroducePerson, introduce_person
from rekey.operations.leavers import standing_leaver_block
from rekey.operations.texts import clean_email, clean_phone
from rekey.ports.store import View
from rekey.webkit.jwk import JwkRefused, read_jwk
from rekey.webkit.jws import CompactJws, Json, JwsRefused, parse_compact

_LEEWAY = timedelta(seconds=60)
_LONGEST_SUBJECT = 1024
_LAST_SECOND = 253_402_300_799


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignToken:
    """A token that an application signed, with what it says of its user."""

    organization_id: OrganizationId
    voucher: Voucher
    told: IntroducePerson
    claims: Json


def peek(text: str) -> CompactJws | None:
    """Give a token that names a registered key, as those of applications do and ours never; else None."""
    try:
        jws = parse_compact(text.encode())
    except JwsRefused:
        return None
    return jws if isinstance(jws.header.get("kid"), str) else None


async def read_foreign(core: Core, jws: CompactJws, audiences: frozenset[str]) -> ForeignToken:
    """Check a token of an application.

    Takes: audiences, the names of which a token must carry one to be meant for this server.
    Raises: NotSignedIn, whatever is wrong with it.
    """
    issuer = jws.payload.get("iss")
    if not isinstance(issuer, str):
        raise NotSignedIn("this token names no issuer")
    named = await core.store.directory.applications_with(UrlKind.ISSUER, issuer)
    if not named:
        raise NotSignedIn("no application has this issuer")
    organization_id, application_id = named[0]
    application = await core.store.read(organization_id, lambda view: view.applications.get(application_id))
    if application is None:
        raise NotSignedIn("this application has ended")
    now = core.clock.now()
    voucher = Voucher(
        application_id=application.id,
        issuer=issuer,
        kid=str(jws.header["kid"]),
        until=_instant(jws.payload, "exp"),
    )
    _verify(application, voucher, jws, now)
    _check_claims(jws.payload, audiences, now)
    return ForeignToken(
        organization_id=organization_id,
        voucher=voucher,
        told=_told(application, jws.payload),
        claims=jws.payload,
    )


async def sign_in(core: Core, token: ForeignToken, address: str | None) -> SignedIn:
    """Give the person whom a checked token names, made known on the first call.

    Raises: NotSignedIn for somebody who was removed or left.
    """
    found = await core.store.read(token.organization_id, lambda view: _known(view, token))
    if found is None:
        found = await introduce(core, token, address)
    actor = Actor(
        organization_id=token.organization_id,
        operator_id=found.operator.id,
        key_id=None,
        via=VIA,
        address=address,
        voucher=token.voucher,
    )
    return SignedIn(
        caller=Vouched(actor=actor, operator=found.operator),
        person_id=found.person.id,
        claims=token.claims,
        account=found.account,
    )


async def introduce(core: Core, token: ForeignToken, address: str | None) -> Introduced:
    """Make the token's person known, or bring the profile up to date. Raises: NotSignedIn."""
    nobody = Actor(
        organization_id=token.organization_id,
        operator_id=OperatorId(core.entropy.new_id()),
        key_id=None,
        via=VIA,
        address=address,
        voucher=token.voucher,
    )
    return await core.perform(introduce_person, nobody, token.told)


async def _known(view: View, token: ForeignToken) -> Introduced | None:
    """Give the person as known, None if there is news or something to make. Raises: NotSignedIn."""
    account = await view.foreign_accounts.by_subject(token.told.application_id, token.told.subject)
    if account is None:
        return None
    person = await view.people.get(account.id)
    if person is None or await standing_leaver_block(view, account.id) is not None:
        raise NotSignedIn("this person has no account any more")
    operator = await view.operators.of_person(person.id)
    if operator is None or token.told.told_at > account.told_at:
        return None
    return Introduced(person=person, operator=operator, account=account)


def _verify(application: Application, voucher: Voucher, jws: CompactJws, now: datetime) -> None:
    if not application.vouches(voucher, now):
        raise NotSignedIn("this issuer or key is not believed, or the token has expired")
    key = application.key(voucher.kid)
    if key is None:
        raise NotSignedIn("this key is unknown")
    try:
        read_jwk(key.jwk).verify(jws)
    except (JwkRefused, JwsRefused) as refused:
        raise NotSignedIn("the signature of this token does not hold") from refused


def _check_claims(claims: Json, audiences: frozenset[str], now: datetime) -> None:
    issued = _instant(claims, "iat")
    if issued > now + _LEEWAY or issued >= _instant(claims, "exp"):
        raise NotSignedIn("this token's iat does not lie before now and its exp")
    if claims.get("nbf") is not None and _instant(claims, "nbf") > now + _LEEWAY:
        raise NotSignedIn("this token does not count yet")
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if audiences.isdisjoint(one for one in listed if isinstance(one, str)):
        raise NotSignedIn("this token's aud must contain this server")


def _told(application: Application, claims: Json) -> IntroducePerson:
    subject = claims.get("sub")
    if not _is_text(subject) or not 0 < len(str(subject).encode()) <= _LONGEST_SUBJECT:
        raise NotSignedIn(f"this token's sub must have from 1 to {_LONGEST_SUBJECT} bytes")
    email, phone = _email(claims.get("email")), _phone(claims.get("telephone"))
    if email is None and phone is None:
        raise NotSignedIn("this token must carry an email or a telephone")
    return IntroducePerson(
        application_id=application.id,
        subject=str(subject),
        told_at=_instant(claims, "iat"),
        name=_name(claims),
        email=email,
        email_verified=claims.get("email_verified") is True,
        phone=phone,
        phone_verified=claims.get("telephone_verified") is True,
    )


def _name(claims: Json) -> str | None:
    """Give `name`, else its parts put together."""
    parts = [claims.get("name")]
    if not _is_text(parts[0]):
        parts = [claims.get(part) for part in ("given_name", "middle_name", "family_name")]
    joined = " ".join(str(part).strip() for part in parts if _is_text(part))
    plain = "".join(character for character in joined if unicodedata.category(character) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", plain).strip()[:200] or None


def _email(value: object) -> str | None:
    try:
        return clean_email(value) if isinstance(value, str) else None
    except Invalid:
        return None


def _phone(value: object) -> str | None:
    try:
        return clean_phone(value) if isinstance(value, str) else None
    except Invalid:
        return None


def _instant(claims: Json, name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_SECOND:
        raise NotSignedIn(f"this token's {name} must be seconds since 1970")
    return datetime.fromtimestamp(int(value), UTC)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
