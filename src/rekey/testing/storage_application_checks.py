"""What every store promises of applications and of the accounts by which they name people."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from rekey.domain.application import Application, ApplicationKey, ForeignAccount, UrlKind
from rekey.domain.errors import AlreadyExists
from rekey.domain.ids import ApplicationId, PersonId
from rekey.ports.listing import WHOLE
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_world import World, new_id

APPLICATIONS = Chapter()
_ISSUER, _ORIGIN = "https://tower.test/", "https://app.tower.test"


async def _add(work: UnitOfWork, **parts: Any) -> Application:
    plain: dict[str, Any] = {
        "id": ApplicationId(new_id()),
        "number": work.next_number(),
        "name": "Tower",
        "owners": (PersonId(new_id()),),
        "profile": {"companyName": "Tower Ltd", "emailPreferences": {"senderName": "Tower"}},
        "created_at": NOON,
        "updated_at": NOON,
    }
    application = Application(**plain | parts)
    await work.applications.add(application)
    return application


async def _account(work: UnitOfWork, subject: str, **parts: Any) -> ForeignAccount:
    plain: dict[str, Any] = {
        "id": PersonId(new_id()),
        "application_id": ApplicationId("tower"),
        "subject": subject,
        "told_at": NOON,
        "updated_at": NOON,
    }
    account = ForeignAccount(**plain | parts)
    await work.foreign_accounts.add(account)
    return account


@APPLICATIONS.promise
async def an_application_reads_back_whole(world: World) -> None:
    key = ApplicationKey(kid="k", jwk={"kid": "k", "kty": "OKP", "key_ops": ["verify"], "exp": 1})
    kept = await world.act(
        lambda work: _add(
            work,
            issuers=(_ISSUER,),
            origins=(f"{_ORIGIN}/",),
            keys=(key,),
            suspended=True,
            identity_public=b"\x00public",
            identity_sealed=b"\xffsealed",
            return_urls=("https://tower.test/back", "com.example.tower:/back"),
            secret_fingerprint="hash",  # noqa: S106  # what stands for a hash, not a secret
        )
    )
    same(await world.read(lambda view: view.applications.get(kept.id)), kept)
    same((await world.read(lambda view: view.applications.list(WHOLE))).items, (kept,))


@APPLICATIONS.promise
async def an_application_is_found_by_its_issuer_and_by_an_origin_as_browsers_write_it(world: World) -> None:
    kept = await world.act(
        lambda work: _add(work, issuers=(_ISSUER,), origins=(f"{_ORIGIN}:443/a", f"{_ORIGIN}/"))
    )
    directory = world.store.directory
    found = ((world.organization_id, kept.id),)
    same(await directory.applications_with(UrlKind.ISSUER, _ISSUER), found)
    same(await directory.applications_with(UrlKind.ORIGIN, _ORIGIN), found)
    same(await directory.applications_with(UrlKind.ISSUER, _ORIGIN), ())
    same(await directory.applications_with(UrlKind.ISSUER, _ISSUER.rstrip("/")), ())


@APPLICATIONS.promise
async def an_issuer_has_one_application_and_is_free_once_it_was_taken_away(world: World) -> None:
    first = await world.act(lambda work: _add(work, issuers=(_ISSUER,)))
    await refuses(world.act(lambda work: _add(work, issuers=(_ISSUER,))), AlreadyExists)
    await world.act(lambda work: work.applications.replace(replace(first, issuers=())))
    second = await world.act(lambda work: _add(work, issuers=(_ISSUER,)))
    found = await world.store.directory.applications_with(UrlKind.ISSUER, _ISSUER)
    same(found, ((world.organization_id, second.id),))


@APPLICATIONS.promise
async def an_application_that_ended_is_found_by_nothing(world: World) -> None:
    kept = await world.act(lambda work: _add(work, issuers=(_ISSUER,), origins=(_ORIGIN,)))

    async def end_twice(work: UnitOfWork) -> tuple[bool, bool]:
        ended = await work.applications.end(kept.id, NOON)
        return ended, await work.applications.end(kept.id, NOON)

    same(await world.act(end_twice), (True, False))
    same(await world.read(lambda view: view.applications.get(kept.id)), None)
    for kind, url in ((UrlKind.ISSUER, _ISSUER), (UrlKind.ORIGIN, _ORIGIN)):
        same(await world.store.directory.applications_with(kind, url), ())


@APPLICATIONS.promise
async def a_foreign_account_is_found_by_subject_and_by_contacts_that_are_listed(world: World) -> None:
    ann = await world.act(
        lambda work: _account(
            work,
            "ann",
            name="Ann",
            email="ann@people.test",
            email_verified=True,
            email_listed=True,
            phone="+15550100",
            phone_verified=True,
            phone_listed=True,
            told_at=NOON + timedelta(seconds=1),
        )
    )
    unlisted = await world.act(lambda work: _account(work, "bob", email="ann@people.test"))

    async def look(view: View) -> tuple[object, ...]:
        accounts = view.foreign_accounts
        return (
            await accounts.of_person(ann.id),
            await accounts.by_subject("tower", "ann"),
            await accounts.by_email("tower", "ann@people.test"),
            await accounts.by_phone("tower", "+15550100"),
            await accounts.by_subject("castle", "ann"),
            await accounts.by_email("castle", "ann@people.test"),
        )

    same(await world.read(look), (ann, ann, ann, ann, None, None))
    both = await world.read(lambda view: view.foreign_accounts.of_people((unlisted.id, ann.id)))
    same(set(both), {ann, unlisted})


@APPLICATIONS.promise
async def a_subject_and_a_listed_address_have_one_account_in_an_application(world: World) -> None:
    listed: dict[str, Any] = {"email": "ann@people.test", "email_listed": True}
    await world.act(lambda work: _account(work, "ann", **listed))
    await refuses(world.act(lambda work: _account(work, "ann")), AlreadyExists)
    await refuses(world.act(lambda work: _account(work, "bob", **listed)), AlreadyExists)
    castle = ApplicationId("castle")
    await world.act(lambda work: _account(work, "ann", application_id=castle, **listed))


@APPLICATIONS.promise
async def the_accounts_of_an_application_are_paged_by_their_ids(world: World) -> None:
    async def fill(work: UnitOfWork) -> list[ForeignAccount]:
        return [await _account(work, name) for name in ("a", "b", "c")]

    kept = await world.act(fill)
    await world.act(lambda work: _account(work, "a", application_id=ApplicationId("castle")))
    ids = sorted(account.id for account in kept)

    async def look(view: View) -> list[list[str]]:
        pages = [await view.foreign_accounts.page("tower", after=after, limit=2) for after in ("", ids[1])]
        return [[account.id for account in page] for page in pages]

    same(await world.read(look), [ids[:2], ids[2:]])
