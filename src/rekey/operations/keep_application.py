"""add_application, edit_application, end_application: programs of others that sign their own users in."""

from dataclasses import dataclass, field, replace

from rekey.domain.application import MOST_URLS, Application
from rekey.domain.consent import is_return_url
from rekey.domain.document import DocumentBody, DocumentKind, merged
from rekey.domain.errors import Invalid, NotAllowed
from rekey.domain.ids import ApplicationId, PersonId
from rekey.operations.act import Act, operation
from rekey.operations.authority import is_suspended, signed_in
from rekey.operations.consents import refuse_application
from rekey.operations.find import find_person
from rekey.operations.find_application import find_application, manager_reason, owner_reason
from rekey.operations.leavers import refuse_leaver
from rekey.operations.texts import clean_name

_MOST_BYTES = 32_768


@dataclass(frozen=True, slots=True, kw_only=True)
class AddApplication:
    """Whoever adds an application owns it, unless `owner_id` names somebody else.

    The identity key comes made, its private half sealed.

    `open_to_all` says that strangers may make accounts here, and so anybody who is signed in an application.
    """

    name: str
    profile: DocumentBody = field(default_factory=dict)
    identity_public: bytes = b""
    identity_sealed: bytes = b""
    open_to_all: bool = False
    owner_id: str | None = None
    return_urls: tuple[str, ...] = ()
    secret_fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditApplication:
    """None leaves a field as it is; `profile` goes over what is there, objects member by member."""

    application_id: str
    name: str | None = None
    profile: DocumentBody | None = None
    suspended: bool | None = None
    return_urls: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndApplication:
    application_id: str


@operation(None)
async def add_application(act: Act, wanted: AddApplication) -> Application:
    """Add an application, which signs nobody in until it names an issuer and a key.

    Raises: NotAllowed (an account of nobody, of an application, blocked, or without the power), NotFound and
    PersonLeft (the owner), Invalid (name, return_urls).
    """
    owner_id = await _owner(act, wanted)
    application = Application(
        id=ApplicationId(act.new_id()),
        number=act.next_number(),
        name=clean_name(wanted.name),
        owners=(owner_id,),
        profile=_checked(merged({}, wanted.profile)),
        identity_public=wanted.identity_public,
        identity_sealed=wanted.identity_sealed,
        return_urls=_checked_urls(wanted.return_urls),
        secret_fingerprint=wanted.secret_fingerprint,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.applications.add(application)
    await act.record(
        "application.added",
        person_id=owner_id,
        detail={"application": application.id, "name": application.name},
    )
    return application


@operation(None)
async def edit_application(act: Act, wanted: EditApplication) -> Application:
    """Change an application; a suspended one signs nobody in, at once.

    Only who manages operators lets a suspended one go on. Raises: NotFound, NotAllowed, Invalid.
    """
    application = await find_application(act.work, wanted.application_id)
    act.waive(await _edit_reason(act, application, wanted))
    edited = replace(
        application,
        name=application.name if wanted.name is None else clean_name(wanted.name),
        profile=_checked(_overlaid(application.profile, wanted.profile or {})),
        suspended=application.suspended if wanted.suspended is None else wanted.suspended,
        return_urls=application.return_urls
        if wanted.return_urls is None
        else _checked_urls(wanted.return_urls),
        updated_at=act.now,
    )
    await act.work.applications.replace(edited)
    await act.record(
        "application.edited",
        detail={
            "application": edited.id,
            "name": edited.name,
            "change": "suspended" if edited.suspended and not application.suspended else "profile",
        },
    )
    return edited


@operation(None)
async def end_application(act: Act, wanted: EndApplication) -> Application:
    """End an application for good: whom it signed in is signed out, and stays without a way to sign in.

    What its people hold at doors stays theirs until it is revoked. Raises: NotFound, NotAllowed.
    """
    application = await find_application(act.work, wanted.application_id)
    act.waive(await owner_reason(act, application))
    await act.work.applications.end(application.id, act.now)
    await act.work.documents.end_children(DocumentKind.PICTURE, application.id, act.now)
    await act.record("application.ended", detail={"application": application.id, "name": application.name})
    return application


async def _edit_reason(act: Act, application: Application, wanted: EditApplication) -> str:
    if application.suspended and wanted.suspended is False:
        return await manager_reason(act)
    return await owner_reason(act, application)


def _overlaid(profile: DocumentBody, changes: DocumentBody) -> DocumentBody:
    """Give the profile with the changes; a member that changes to None goes away."""
    result = dict(profile)
    for name, new in changes.items():
        old = profile.get(name)
        result[name] = _overlaid(old, new) if isinstance(old, dict) and isinstance(new, dict) else new
    return {name: value for name, value in result.items() if value is not None}


async def _owner(act: Act, wanted: AddApplication) -> PersonId:
    """Find who will own the application, and let the actor add it."""
    operator, _key = await signed_in(act.work, act.actor, act.now)
    if wanted.owner_id is not None:
        act.waive(await manager_reason(act))
        person = await find_person(act.work, wanted.owner_id)
        await refuse_leaver(act, person.id)
        return person.id
    if operator.person_id is None or act.actor.voucher is not None:
        raise NotAllowed("an application needs an owner: sign in as a person of this organization")
    if not wanted.open_to_all:
        act.waive(await manager_reason(act))
        return PersonId(operator.person_id)
    await refuse_application(act)
    if await is_suspended(act.work, operator.person_id, now=act.now):
        raise NotAllowed("you are blocked, so you may not add an application")
    act.waive("where strangers may make accounts, an application gives nobody more than an account")
    return PersonId(operator.person_id)


def _checked_urls(urls: tuple[str, ...]) -> tuple[str, ...]:
    if len(urls) > MOST_URLS:
        raise Invalid("return_urls", f"must be at most {MOST_URLS}")
    if not all(map(is_return_url, urls)):
        raise Invalid(
            "return_urls", "must be https addresses, http ones of this machine, or of an app's own scheme"
        )
    return tuple(dict.fromkeys(urls))


def _checked(profile: DocumentBody) -> DocumentBody:
    if len(repr(profile)) > _MOST_BYTES:
        raise Invalid("profile", f"must be shorter than {_MOST_BYTES} characters in all")
    return profile
