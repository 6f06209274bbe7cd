"""What an application is believed by: its owners, issuers and keys; and whose web pages may call."""

from dataclasses import dataclass, replace

from rekey.domain.application import (
    MOST_KEYS,
    MOST_URLS,
    Application,
    ApplicationKey,
    UrlKind,
    origin_of,
    private_members,
)
from rekey.domain.errors import AlreadyExists, Conflict, Invalid, LastOwner, NotFound
from rekey.domain.ids import PersonId
from rekey.domain.journal import JsonValue
from rekey.operations.act import Act, operation
from rekey.operations.find import find_person
from rekey.operations.find_application import find_application, owner_reason
from rekey.operations.leavers import refuse_leaver
from rekey.operations.texts import clean_name

_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class AddApplicationKey:
    """A public key whose form was checked; its `kid` is free in the application."""

    application_id: str
    key: ApplicationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class EndApplicationKey:
    application_id: str
    kid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddApplicationUrl:
    application_id: str
    kind: UrlKind
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndApplicationUrl:
    application_id: str
    kind: UrlKind
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddApplicationOwner:
    application_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndApplicationOwner:
    application_id: str
    person_id: str


@operation(None)
async def add_application_key(act: Act, wanted: AddApplicationKey) -> Application:
    """Believe tokens that this key signs. Raises: NotFound, NotAllowed, AlreadyExists (kid), Invalid, Conflict."""
    application = await _own(act, wanted.application_id)
    kid = clean_name(wanted.key.kid, "kid")
    if application.key(kid) is not None:
        raise AlreadyExists("key", "kid")
    if private_members(wanted.key.jwk) or wanted.key.jwk.get("kid") != kid:
        raise Invalid("jwk", "must be a public key under its own kid")
    if len(application.keys) >= MOST_KEYS:
        raise Conflict(f"an application has at most {MOST_KEYS} keys: end one first")
    changed = replace(application, keys=(*application.keys, wanted.key))
    return await _keep(act, changed, "key_added", kid=kid)


@operation(None)
async def end_application_key(act: Act, wanted: EndApplicationKey) -> Application:
    """Believe this key no more, at once. Raises: NotFound (application, key), NotAllowed."""
    application = await _own(act, wanted.application_id)
    left = tuple(key for key in application.keys if key.kid != wanted.kid)
    if len(left) == len(application.keys):
        raise NotFound("key", wanted.kid)
    return await _keep(act, replace(application, keys=left), "key_ended", kid=wanted.kid)


@operation(None)
async def add_application_url(act: Act, wanted: AddApplicationUrl) -> Application:
    """Believe an issuer, or let an origin's web pages call; what is there already stays.

    Raises: NotFound, NotAllowed, AlreadyExists for an issuer of any application of the server, Invalid, Conflict.
    """
    application = await _own(act, wanted.application_id)
    urls = _urls(application, wanted.kind)
    if wanted.kind is UrlKind.ORIGIN:
        _check_origin(wanted.url)
    if not wanted.url or len(wanted.url) > _LONGEST_URL:
        raise Invalid("url", f"must have from 1 to {_LONGEST_URL} characters")
    if len(urls) >= MOST_URLS and wanted.url not in urls:
        raise Conflict(f"an application has at most {MOST_URLS} of them: end one first")
    added = urls if wanted.url in urls else (*urls, wanted.url)
    return await _keep(
        act, _with_urls(application, wanted.kind, added), f"{wanted.kind.value}_added", url=wanted.url
    )


@operation(None)
async def end_application_url(act: Act, wanted: EndApplicationUrl) -> Application:
    """Believe an issuer, or let an origin call, no more; at once. Raises: NotFound (application, url), NotAllowed."""
    application = await _own(act, wanted.application_id)
    urls = _urls(application, wanted.kind)
    if wanted.url not in urls:
        raise NotFound(wanted.kind.value, wanted.url)
    left = tuple(url for url in urls if url != wanted.url)
    return await _keep(
        act, _with_urls(application, wanted.kind, left), f"{wanted.kind.value}_ended", url=wanted.url
    )


@operation(None)
async def add_application_owner(act: Act, wanted: AddApplicationOwner) -> Application:
    """Let a person of the organization change the application too.

    Raises: NotFound (application, person), NotAllowed, PersonLeft, Invalid for a person of an application.
    """
    application = await _own(act, wanted.application_id)
    person = await find_person(act.work, wanted.person_id)
    await refuse_leaver(act, person.id)
    if await act.work.foreign_accounts.of_person(person.id) is not None:
        raise Invalid("person", "must have an account of this organization, not of an application")
    owners = application.owners if person.id in application.owners else (*application.owners, person.id)
    return await _keep(act, replace(application, owners=owners), "owner_added", person=person.id)


@operation(None)
async def end_application_owner(act: Act, wanted: EndApplicationOwner) -> Application:
    """Take the application from an owner. Raises: NotFound (application, owner), NotAllowed, LastOwner."""
    application = await _own(act, wanted.application_id)
    if wanted.person_id not in application.owners:
        raise NotFound("owner", wanted.person_id)
    left = tuple(PersonId(owner) for owner in application.owners if owner != wanted.person_id)
    if not left:
        raise LastOwner("this is the application's last owner: make another person owner first")
    return await _keep(act, replace(application, owners=left), "owner_ended", person=wanted.person_id)


async def _own(act: Act, application_id: str) -> Application:
    application = await find_application(act.work, application_id)
    act.waive(await owner_reason(act, application))
    return application


async def _keep(act: Act, changed: Application, change: str, **what: JsonValue) -> Application:
    application = replace(changed, updated_at=act.now)
    await act.work.applications.replace(application)
    await act.record(
        "application.edited",
        detail={"application": application.id, "name": application.name, "change": change, **what},
    )
    return application


def _check_origin(url: str) -> None:
    try:
        origin_of(url)
    except ValueError as unfit:
        raise Invalid("url", "must be a web address such as https://app.example.com") from unfit


def _urls(application: Application, kind: UrlKind) -> tuple[str, ...]:
    return application.issuers if kind is UrlKind.ISSUER else application.origins


def _with_urls(application: Application, kind: UrlKind, urls: tuple[str, ...]) -> Application:
    if kind is UrlKind.ISSUER:
        return replace(application, issuers=urls)
    return replace(application, origins=urls)
