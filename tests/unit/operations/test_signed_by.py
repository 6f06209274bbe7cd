"""A signed operation counts only while the key that signed it stands, as of the act itself."""

from datetime import timedelta

import pytest

from rekey.domain.credential import CredentialKind
from rekey.domain.decision import DenyReason
from rekey.domain.errors import AccessDenied, AlreadyExists
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.grant_access import GrantAccess, grant_access
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.operations.register_operator import RegisterOperator, register_operator
from rekey.operations.suspend_credential import SuspendCredential, suspend_credential
from rekey.ports.repositories.journal import SeenOperation
from tests.unit.operations.acme import Acme, new_grant

pytestmark = pytest.mark.anyio


async def key_of(acme: Acme, person: str) -> str:
    wanted = IssueCredential(person_id=person, kind=CredentialKind.DEVICE_KEY, fingerprint="print")
    return (await acme.do(issue_credential, wanted)).id


def signed(acme: Acme, credential_id: str) -> SeenOperation:
    return SeenOperation(
        issuer="ada",
        token_id="t1",
        digest="d",
        expires_at=acme.clock.now() + timedelta(minutes=1),
        credential_id=credential_id,
    )


async def refused(acme: Acme, credential_id: str) -> DenyReason:
    """Try to share a door by this key; give why it was refused, with one row and nothing else changed."""
    door, ben = await acme.door(), await acme.person("Ben")
    wanted, before = GrantAccess(grants=(new_grant(ben, door),)), await acme.world.journal_size()
    with pytest.raises(AccessDenied) as denied:
        await acme.core.perform(grant_access, acme.service, wanted, once=signed(acme, credential_id))
    assert not await acme.may(ben, door)
    assert await acme.world.journal_size() == before + 1
    return denied.value.denied.reason


async def test_a_key_that_stands_serves(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    wanted, key = GrantAccess(grants=(new_grant(ada, door),)), await key_of(acme, ada)
    await acme.core.perform(grant_access, acme.service, wanted, once=signed(acme, key))
    assert await acme.may(ada, door)


async def test_a_key_that_ended_meanwhile_serves_no_more(acme: Acme) -> None:
    key = await key_of(acme, await acme.person("Ada"))
    await acme.do(end_credential, EndCredential(credential_id=key))
    assert await refused(acme, key) is DenyReason.CREDENTIAL_ENDED


async def test_a_key_that_was_suspended_meanwhile_does_not_serve(acme: Acme) -> None:
    key = await key_of(acme, await acme.person("Ada"))
    await acme.do(suspend_credential, SuspendCredential(credential_id=key, suspended=True))
    assert await refused(acme, key) is DenyReason.CREDENTIAL_ENDED


async def test_an_unknown_key_serves_nobody(acme: Acme) -> None:
    assert await refused(acme, "nowhere") is DenyReason.CREDENTIAL_UNKNOWN


async def test_registering_with_a_key_of_somebody_else_makes_no_account(acme: Acme) -> None:
    await key_of(acme, await acme.person("Ada"))
    key = IssueCredential(person_id="", kind=CredentialKind.DEVICE_KEY, fingerprint="print")
    wanted = RegisterOperator(name="Ben", email="ben@acme.test", password_hash="h", credential=key)
    with pytest.raises(AlreadyExists):
        await acme.do(register_operator, wanted)
    assert await acme.read(lambda view: view.people.by_email("ben@acme.test")) is None
