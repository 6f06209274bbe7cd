"""What keys, sessions and signing in promise."""

from datetime import timedelta
from typing import Any

import pytest

from rekey.domain.errors import AlreadyExists, Invalid, NotAllowed, NotFound, NotSignedIn
from rekey.domain.operator import Actor, Key, KeyKind
from rekey.domain.role import Permission, Role
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.authenticate import authenticate_secret, password_operator
from rekey.operations.end_operator import EndOperator, end_operator
from rekey.operations.issue_key import MAX_API_KEYS, EndKey, IssueKey, end_key, issue_key
from rekey.operations.open_session import (
    NewSession,
    OpenSession,
    RenewSession,
    open_session,
    renew_session,
)
from rekey.operations.register_operator import RegisterOperator, register_operator
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

API_KEYS = frozenset({KeyKind.API_KEY})


def key_of(acme: Acme, secret: str, operator_id: str | None = None, **terms: Any) -> IssueKey:
    given = {"kind": KeyKind.API_KEY, "name": secret, "via": "native"} | terms
    return IssueKey(
        operator_id=operator_id or acme.service.operator_id,
        secret_fingerprint=acme.core.secrets.fingerprint(secret),
        **given,
    )


async def holding(acme: Acme, secret: str, **terms: Any) -> Actor:
    """Issue a key of the organization's service and give the actor who holds it."""
    await acme.do(issue_key, key_of(acme, secret, **terms))
    return (await authenticate_secret(acme.core, secret, kinds=API_KEYS, via="native")).actor


async def test_a_secret_names_its_actor(acme: Acme) -> None:
    actor = await holding(acme, "s")
    assert actor.operator_id == acme.service.operator_id
    await acme.do(add_person, AddPerson(name="Ada"), by=actor)


async def test_an_unknown_secret_is_not_signed_in(acme: Acme) -> None:
    with pytest.raises(NotSignedIn):
        await authenticate_secret(acme.core, "guess", kinds=API_KEYS, via="native")


async def test_a_key_of_another_kind_or_of_another_api_is_refused(acme: Acme) -> None:
    await holding(acme, "s")
    for kinds, via in ((frozenset({KeyKind.SESSION}), "native"), (API_KEYS, "kisi")):
        with pytest.raises(NotSignedIn):
            await authenticate_secret(acme.core, "s", kinds=kinds, via=via)


async def test_an_ended_key_is_refused_at_the_door_and_within_the_act(acme: Acme) -> None:
    actor = await holding(acme, "s")
    await acme.do(end_key, EndKey(key_id=actor.key_id or ""))
    with pytest.raises(NotSignedIn):
        await authenticate_secret(acme.core, "s", kinds=API_KEYS, via="native")
    with pytest.raises(NotSignedIn):
        await acme.do(add_person, AddPerson(name="Ada"), by=actor)


async def test_an_expired_key_is_refused(acme: Acme) -> None:
    actor = await holding(acme, "s", expires_at=acme.clock.now() + timedelta(hours=1))
    acme.pass_time(hours=1)
    with pytest.raises(NotSignedIn):
        await acme.do(add_person, AddPerson(name="Ada"), by=actor)


async def test_a_key_may_do_what_it_names_and_nothing_else(acme: Acme) -> None:
    actor = await holding(acme, "s", permissions=frozenset({Permission.PEOPLE_WRITE}))
    ada = (await acme.do(add_person, AddPerson(name="Ada"), by=actor)).id
    with pytest.raises(NotAllowed, match="write grants"):
        await acme.grant(ada, acme.site, by=actor)


@pytest.mark.parametrize("wider", [None, frozenset(Permission)], ids=["everything", "every permission"])
async def test_a_key_issues_only_narrower_keys(acme: Acme, wider: frozenset[Permission] | None) -> None:
    own = frozenset({Permission.OPERATORS_WRITE, Permission.PEOPLE_READ})
    actor = await holding(acme, "s", permissions=own)
    await acme.do(issue_key, key_of(acme, "narrow", permissions=own), by=actor)
    with pytest.raises(NotAllowed, match="permissions"):
        await acme.do(issue_key, key_of(acme, "wide", permissions=wider), by=actor)


async def test_nobody_issues_a_key_of_an_operator_above_himself(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="above"):
        await acme.do(issue_key, key_of(acme, "s"), by=await acme.account(ada))


async def test_a_person_holds_at_most_ten_api_keys(acme: Acme) -> None:
    operator = (await acme.account(await acme.person("Ada"))).operator_id
    for number in range(MAX_API_KEYS):
        await acme.do(issue_key, key_of(acme, f"s{number}", operator))
    with pytest.raises(Invalid):
        await acme.do(issue_key, key_of(acme, "one more", operator))


async def test_a_key_cannot_begin_expired(acme: Acme) -> None:
    with pytest.raises(Invalid, match="expires_at"):
        await acme.do(issue_key, key_of(acme, "s", expires_at=acme.clock.now()))


async def test_everybody_ends_an_own_key_and_nobody_anothers(acme: Acme) -> None:
    ada, ben = await acme.account(await acme.person("Ada")), await acme.account(await acme.person("Ben"))
    with pytest.raises(NotAllowed):
        await acme.do(end_key, EndKey(key_id=ada.key_id or ""), by=ben)
    await acme.do(end_key, EndKey(key_id=ada.key_id or ""), by=ada)
    with pytest.raises(NotFound):
        await acme.do(end_key, EndKey(key_id=ada.key_id or ""))


async def test_with_the_operator_all_its_keys_end(acme: Acme) -> None:
    ada = await acme.account(await acme.person("Ada"))
    assert await acme.do(end_operator, EndOperator(operator_id=ada.operator_id)) == 1
    with pytest.raises(NotSignedIn):
        await acme.do(add_person, AddPerson(name="Ben"), by=ada)


async def signing_in(acme: Acme, password: str) -> Key:
    operator, stored = await password_operator(
        acme.core, acme.world.organization_id, acme.world.owner["email"], password
    )
    keys = NewSession(session=key_of(acme, "session", kind=KeyKind.SESSION))
    wanted = OpenSession(operator_id=operator.id, password_hash=stored, keys=keys)
    return (await acme.do(open_session, wanted)).session


async def test_the_right_password_opens_a_session_of_its_operator(acme: Acme) -> None:
    key = await signing_in(acme, acme.world.owner["password"])
    operator = await acme.read(lambda view: view.operators.get(key.operator_id))
    assert operator.person_id == await acme.owner()


async def test_a_wrong_password_and_an_unknown_address_say_the_same(acme: Acme) -> None:
    said = set()
    for email in (acme.world.owner["email"], "nobody@acme.test"):
        with pytest.raises(NotSignedIn) as refused:
            await password_operator(acme.core, acme.world.organization_id, email, "wrong")
        said.add(str(refused.value))
    assert len(said) == 1


async def test_a_password_that_was_changed_meanwhile_opens_no_session(acme: Acme) -> None:
    operator, _ = await password_operator(
        acme.core, acme.world.organization_id, acme.world.owner["email"], acme.world.owner["password"]
    )
    keys = NewSession(session=key_of(acme, "session", kind=KeyKind.SESSION))
    with pytest.raises(NotSignedIn):
        await acme.do(open_session, OpenSession(operator_id=operator.id, password_hash="old", keys=keys))


async def test_a_refresh_key_renews_once(acme: Acme) -> None:
    refresh = await acme.do(issue_key, key_of(acme, "refresh", kind=KeyKind.REFRESH))
    grace = timedelta(seconds=30)

    async def renewed(secret: str) -> Key:
        keys = NewSession(session=key_of(acme, secret, kind=KeyKind.SESSION))
        wanted = RenewSession(refresh_key_id=refresh.id, grace=grace, keys=keys)
        return (await acme.do(renew_session, wanted)).session

    assert (await renewed("first")).kind is KeyKind.SESSION
    acme.pass_time(seconds=31)
    with pytest.raises(NotSignedIn):
        await renewed("second")


async def test_registering_gives_an_account_that_opens_nothing(acme: Acme) -> None:
    door = await acme.door()
    wanted = RegisterOperator(name="Ada", email="ada@acme.test", password_hash="h")
    registered = await acme.do(register_operator, wanted)
    assert not await acme.may(registered.person.id, door)
    with pytest.raises(AlreadyExists):
        await acme.do(register_operator, wanted)
