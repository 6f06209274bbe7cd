"""Where an operator holds a permission: what lists and reads may show."""

import pytest

from rekey.domain.errors import NotAllowed
from rekey.domain.operator import Actor
from rekey.domain.role import Permission, Role
from rekey.domain.scope import Scope
from rekey.operations.held_powers import EVERYWHERE, Powers, powers_of, scopes_reached
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def powers(acme: Acme, actor: Actor, permission: Permission) -> Powers:
    return await acme.read(lambda view: powers_of(view, actor, permission, acme.clock.now()))


async def test_a_role_at_the_organization_reaches_everywhere(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.grant(ada, acme.everywhere, Role.OBSERVER)
    assert await powers(acme, await acme.account(ada), Permission.ESTATE_READ) == EVERYWHERE


async def test_a_role_at_a_site_reaches_that_site_and_its_groups(acme: Acme) -> None:
    ada = await acme.person("Ada")
    site = Scope.site(acme.world.site_id)
    await acme.grant(ada, site, Role.OBSERVER)
    found = await powers(acme, await acme.account(ada), Permission.GRANTS_READ)
    assert (found.everywhere, found.site_ids) == (False, frozenset({acme.world.site_id}))
    assert site in await acme.read(lambda view: scopes_reached(view, found))
    assert Scope.organization(acme.world.organization_id) not in await acme.read(
        lambda view: scopes_reached(view, found)
    )


async def test_a_role_without_the_permission_reaches_nothing(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.grant(ada, Scope.site(acme.world.site_id), Role.BASIC)
    with pytest.raises(NotAllowed):
        await powers(acme, await acme.account(ada), Permission.ESTATE_READ)


async def test_somebody_revoked_at_the_site_reaches_it_no_more(acme: Acme) -> None:
    ada = await acme.person("Ada")
    site = Scope.site(acme.world.site_id)
    await acme.grant(ada, site, Role.ADMINISTRATOR)
    actor = await acme.account(ada)
    await acme.revoke(ada, site)
    with pytest.raises(NotAllowed):
        await powers(acme, actor, Permission.ESTATE_READ)
