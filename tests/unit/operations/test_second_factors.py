"""What the second factor of a sign-in promises."""

from base64 import b32decode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from rekey.domain.errors import Conflict, NotSignedIn, SecondFactorNeeded, TooManyRequests, WrongCode
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.second_factor import MOST_FAILURES, REST_SECONDS
from rekey.operations.issue_key import IssueKey
from rekey.operations.open_session import NewSession
from rekey.operations.own_second_factor import (
    BACKUP_CODES,
    ChangeSecondFactor,
    EnrolSecondFactor,
    MakeBackupCodes,
    activate_second_factor,
    deactivate_second_factor,
    enrol_second_factor,
    make_backup_codes,
)
from rekey.operations.sign_in import SignedIn, SignIn, sign_in
from rekey.ports.attempts import Uncounted
from rekey.testing.frozen_clock import FrozenClock
from tests.support.world import open_world
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


@pytest.fixture
async def acme(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Acme]:
    """Give an organization whose clock stands at noon."""
    clock = FrozenClock()
    async with open_world(tmp_path, clock=clock, dialects=()) as world:
        yield Acme(world, clock)


class Authenticator:
    """An app that follows the clock, independent of our own arithmetic."""

    def __init__(self, acme: Acme, secret: str) -> None:
        self._clock = acme.clock
        padded = secret + "=" * (-len(secret) % 8)
        self._totp = TOTP(b32decode(padded), 6, SHA1(), 30, enforce_key_length=False)  # noqa: S303  # RFC 6238

    def code(self, *, off_by: int = 0) -> str:
        return self._totp.generate(int(self._clock.now().timestamp()) + off_by).decode()


async def try_in(acme: Acme, code: str | None = None) -> SignedIn:
    # What is tested here is what the store counts, not the server's memory.
    object.__setattr__(acme.core, "attempts", Uncounted())
    secret = acme.core.entropy.new_id()
    key = IssueKey(
        operator_id="",
        kind=KeyKind.SESSION,
        name="test",
        via="test",
        secret_fingerprint=acme.core.secrets.fingerprint(secret),
    )
    owner = acme.world.owner
    wanted = SignIn(
        email=owner["email"],
        password=owner["password"],
        keys=NewSession(session=key),
        via="test",
        code=code,
    )
    return await sign_in(acme.core, acme.world.organization_id, wanted)


async def owner_hash(acme: Acme, actor: Actor) -> str:
    stored: str = await acme.read(lambda view: view.operators.password_hash(actor.operator_id))
    return stored


async def enrolled(acme: Acme) -> tuple[Authenticator, Actor, str]:
    """Sign the owner in and activate a second factor."""
    actor = await acme.account(await acme.owner())
    stored = await owner_hash(acme, actor)
    made = await acme.do(enrol_second_factor, EnrolSecondFactor(password_hash=stored), by=actor)
    app = Authenticator(acme, made.secret)
    wanted = ChangeSecondFactor(password_hash=stored, code=app.code())
    await acme.do(activate_second_factor, wanted, by=actor)
    acme.pass_time(seconds=30)
    return app, actor, stored


async def test_an_active_factor_is_asked_for_and_its_code_opens_a_session(acme: Acme) -> None:
    app, _actor, _stored = await enrolled(acme)
    with pytest.raises(SecondFactorNeeded):
        await try_in(acme)
    with pytest.raises(WrongCode):
        await try_in(acme, "000000" if app.code() != "000000" else "111111")
    assert (await try_in(acme, app.code())).session.session.kind is KeyKind.SESSION


async def test_a_factor_counts_only_once_a_code_of_it_was_given(acme: Acme) -> None:
    actor = await acme.account(await acme.owner())
    wanted = EnrolSecondFactor(password_hash=await owner_hash(acme, actor))
    await acme.do(enrol_second_factor, wanted, by=actor)
    assert (await try_in(acme)).session.operator.id


async def test_no_code_counts_twice(acme: Acme) -> None:
    app, _actor, _stored = await enrolled(acme)
    code = app.code()
    await try_in(acme, code)
    with pytest.raises(WrongCode):
        await try_in(acme, code)


@pytest.mark.parametrize(("off_by", "counts"), [(-60, False), (-30, True), (30, True), (60, False)])
async def test_a_clock_may_be_one_step_off(acme: Acme, off_by: int, counts: bool) -> None:
    app, _actor, _stored = await enrolled(acme)
    acme.pass_time(minutes=5)
    if counts:
        assert (await try_in(acme, app.code(off_by=off_by))).session.operator.id
    else:
        with pytest.raises(WrongCode):
            await try_in(acme, app.code(off_by=off_by))


async def test_after_many_wrong_codes_even_the_right_one_waits(acme: Acme) -> None:
    app, _actor, _stored = await enrolled(acme)
    for _ in range(MOST_FAILURES):
        with pytest.raises(WrongCode):
            await try_in(acme, "aaaaaa")
    with pytest.raises(TooManyRequests):
        await try_in(acme, app.code())
    acme.clock.advance(timedelta(seconds=REST_SECONDS + 1))
    assert (await try_in(acme, app.code())).session.operator.id


async def test_a_backup_code_counts_once_and_new_ones_replace_the_old(acme: Acme) -> None:
    _app, actor, stored = await enrolled(acme)
    codes = await acme.do(make_backup_codes, MakeBackupCodes(password_hash=stored), by=actor)
    assert len({*codes}) == BACKUP_CODES
    assert all(len(code) == 6 and code.isalpha() for code in codes)
    assert (await try_in(acme, codes[0].upper())).session.operator.id
    with pytest.raises(WrongCode) as wrong:
        await try_in(acme, codes[0])
    assert wrong.value.backup
    await acme.do(make_backup_codes, MakeBackupCodes(password_hash=stored), by=actor)
    with pytest.raises(WrongCode):
        await try_in(acme, codes[1])


async def test_deactivating_needs_a_code_too(acme: Acme) -> None:
    app, actor, stored = await enrolled(acme)
    with pytest.raises(WrongCode):
        await acme.do(
            deactivate_second_factor, ChangeSecondFactor(password_hash=stored, code="aaaaaa"), by=actor
        )
    wanted = ChangeSecondFactor(password_hash=stored, code=app.code())
    await acme.do(deactivate_second_factor, wanted, by=actor)
    assert (await try_in(acme)).session.operator.id


async def test_a_changed_password_undoes_what_was_asked_for_with_the_old_one(acme: Acme) -> None:
    actor = await acme.account(await acme.owner())
    with pytest.raises(NotSignedIn):
        await acme.do(enrol_second_factor, EnrolSecondFactor(password_hash="another"), by=actor)


async def test_an_active_factor_is_not_replaced_by_a_new_one(acme: Acme) -> None:
    _app, actor, stored = await enrolled(acme)
    with pytest.raises(Conflict):
        await acme.do(enrol_second_factor, EnrolSecondFactor(password_hash=stored), by=actor)


async def test_neither_the_secret_nor_a_code_is_in_the_journal(acme: Acme) -> None:
    actor = await acme.account(await acme.owner())
    stored = await owner_hash(acme, actor)
    made = await acme.do(enrol_second_factor, EnrolSecondFactor(password_hash=stored), by=actor)
    codes = await acme.do(make_backup_codes, MakeBackupCodes(password_hash=stored), by=actor)
    told = repr([row.detail for row in await acme.rows()])
    assert made.secret not in told
    assert stored not in told
    assert [code for code in codes if code in told] == []


async def test_the_address_for_an_authenticator_names_organization_and_account(acme: Acme) -> None:
    actor = await acme.account(await acme.owner())
    wanted = EnrolSecondFactor(password_hash=await owner_hash(acme, actor))
    made = await acme.do(enrol_second_factor, wanted, by=actor)
    assert made.uri.startswith("otpauth://totp/Acme:olga@acme.test?")
    assert f"secret={made.secret}&issuer=Acme" in made.uri
