"""Every way of removing a person says where the leftovers are listed. Source: Kisi contract section 8, rule R6."""

from collections.abc import Awaitable, Callable

from tests.dialects.kisi.removal import on_stage
from tests.dialects.scim.api import directory_of
from tests.support.asgi import Response
from tests.support.story_stage import Player, Stage

Way = Callable[[Stage, Player], Awaitable[Response]]


async def by_member(stage: Stage, player: Player) -> Response:
    (member,) = await stage.kisi.done("GET", f"/members?user_id={player.user}")
    return await stage.kisi.call("DELETE", f"/members/{member['id']}")


WAYS: dict[str, Way] = {
    "native": lambda stage, one: stage.native.call("DELETE", f"/people/{one.person_id}"),
    "everywhere": lambda stage, one: stage.native.call(
        "POST", f"/people/{one.person_id}/revoke", {"everywhere": True}
    ),
    "several": lambda stage, one: stage.native.call("POST", "/people/remove", {"people": [one.person_id]}),
    "user": lambda stage, one: stage.kisi.call("DELETE", f"/users/{one.user}"),
    "member": by_member,
    "oneself": lambda _stage, one: one.login.call("DELETE", "/user"),
    "identity": lambda stage, one: stage.seam.call(
        "POST", "/user_identities/delete", {"user_identity_id": one.person_id}
    ),
    "account": lambda _stage, one: one.phone.call("DELETE", "/account"),
    "directory": lambda stage, one: directory_of(stage.world).call("DELETE", f"/Users/{one.person_id}"),
}


@on_stage
async def test_every_removal_links_the_list_that_its_revocation_left(stage: Stage) -> None:
    for name, way in WAYS.items():
        await stage.add_person(name)
        answer = await way(stage, stage.people[name])
        assert 200 <= answer.status < 300, (name, answer.body)
        where = f"/api/v1/revocations/{answer.header('rekey-revocation')}/leftovers"
        assert answer.header("link") == f'<{where}>; rel="related"; title="leftovers"', name
        left = await stage.native.done("GET", where.removeprefix("/api/v1"))
        assert "given_grants" in left, name
