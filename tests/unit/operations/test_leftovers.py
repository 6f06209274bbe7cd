"""What a leaver leaves behind: listed, so that somebody looks at it."""

from typing import Any

import pytest

from rekey.domain.grant import Holder
from rekey.domain.operator import KeyKind
from rekey.domain.role import Role
from rekey.operations.add_subscription import AddSubscription, add_subscription
from rekey.operations.issue_key import IssueKey, issue_key
from rekey.operations.keep_application import AddApplication, add_application
from rekey.operations.leftovers_after import leftovers_after
from rekey.operations.list_leftovers import list_leftovers
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import a_link

pytestmark = pytest.mark.anyio


async def test_leftovers_name_what_a_leaver_knows_gave_and_still_has(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, front, Role.MANAGER)
    twice = await acme.grant(ada, front)
    by_team = await acme.grant(Holder.team(await acme.team(ada)), back)
    session = await acme.account(ada)
    given = await acme.grant(ben, front, by=session)
    known = (await a_link(acme, front, code="1111")).credentials[0]
    elsewhere = await acme.door("elsewhere")
    await a_link(acme, elsewhere, code="2222")
    left = await acme.read(lambda view: list_leftovers(view, ada))
    assert [one.id for one in left.duplicate_grants] == [twice.id]
    assert [one.id for one in left.team_grants] == [by_team.id]
    assert [one.id for one in left.given_grants] == [given.id]
    assert left.given_to == {Holder.person(ben)}
    assert [one.id for one in left.known_codes] == [known.id]
    revoked = await acme.revoke_everywhere(ada)
    assert revoked.leftovers == left
    told: Any = (await acme.newest()).detail["leftovers"]
    assert told["known_codes"] == [known.id]


async def test_leftovers_name_the_applications_the_receivers_and_the_keys_for_others(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.grant(ada, acme.everywhere, Role.OWNER)
    session = await acme.account(ada)
    application = await acme.do(
        add_application, AddApplication(name="App", identity_public=b"p", identity_sealed=b"s"), by=session
    )
    told = AddSubscription(form="test", url="https://example.com/", name="Events")
    subscription = await acme.do(add_subscription, told, by=session)
    wanted = IssueKey(
        operator_id=acme.service.operator_id,
        kind=KeyKind.API_KEY,
        name="program",
        via="test",
        secret_fingerprint="program",
    )
    issued = await acme.do(issue_key, wanted, by=session)
    revoked = await acme.revoke_everywhere(ada)
    left = await acme.read(lambda view: leftovers_after(view, revoked.revocation.id, acme.clock.now()))
    assert [one.id for one in left.applications] == [application.id]
    assert [one.id for one in left.subscriptions] == [subscription.id]
    assert [one.id for one in left.automation_keys] == [issued.id]
