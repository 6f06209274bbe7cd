"""The organization, its settings, its hand-over and the roles. Source: contract sections 4.1 and 7.5."""

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_lock, add_user, kisi_test, sign_in_for


def keys_of(words: str) -> set[str]:
    return {*words.split()}


KEYS = keys_of(
    "id resource_type name domain logo address description device_logins_expire_after "
    "places_count scim_enabled sso_flow_enabled sso_expiration_override_enabled "
    "sso_expiration_override metadata time_zone web_authentication_api_enabled "
    "apple_pass_enabled created_at updated_at user_id transfer_to_id image color "
)
SETTINGS = keys_of(
    "sp_certificate sp_certificate_required sp_certificate_expires_at "
    "identity_provider_issuer_url sso_configured scim_configured user "
)


@kisi_test
async def test_the_organization_has_its_documented_keys_and_names_its_owner(api: Api) -> None:
    shown = await api.done("GET", "/organization")
    assert set(shown) == KEYS
    assert shown["user_id"] == (await api.done("GET", "/user"))["id"]
    assert await api.done("GET", "/organizations") == [shown]
    settings = await api.done("GET", "/organization/settings")
    assert set(settings) == KEYS | SETTINGS
    assert settings["user"]["id"] == shown["user_id"]


@kisi_test
async def test_the_organization_keeps_what_is_said_of_it_in_one_act(api: Api) -> None:
    wanted = {
        "name": "Acme Ltd",
        "logo": "https://img.test/l.png",
        "address": "1 Main St",
        "description": "d",
        "time_zone": "Europe/Berlin",
        "device_logins_expire_after": 3600,
        "scim_enabled": False,
    }
    before = await api.world.journal_size()
    assert (await api.call("PATCH", "/organization", {"organization": wanted})).status == 204
    assert await api.world.journal_size() == before + 1
    after = await api.done("GET", "/organization")
    assert {name: after[name] for name in wanted} == wanted


@kisi_test
async def test_what_would_be_single_sign_on_is_422_and_changes_nothing(api: Api) -> None:
    before = await api.done("GET", "/organization")
    for wanted in (
        {"metadata": "<EntityDescriptor/>"},
        {"identity_provider_issuer_url": "https://idp.test"},
        {"web_authentication_api_enabled": True},
        {"device_logins_expire_after": -1},
        {"device_logins_expire_after": 31_536_001},
        {"time_zone": "Mars/Olympus"},
    ):
        answer = await api.call("PATCH", "/organization", {"organization": {"name": "Renamed", **wanted}})
        assert answer.status == 422, wanted
    assert await api.done("GET", "/organization") == before
    for path in ("generate_next_certificate", "rotate_certificate"):
        assert (await api.call("POST", f"/organization/{path}")).status == 404


@kisi_test
async def test_the_dashboard_counts(api: Api) -> None:
    await add_lock(api, "front")
    await add_user(api, "ada")
    await api.done("POST", "/guests", {"guest": {"name": "Gus"}})
    counts = await api.done("GET", "/organization/dashboard")
    assert counts == {
        "apple_passes_count": 0,
        "cameras_count": 0,
        "users_count": 2,
        "places_count": 1,
        "locks_count": 1,
        "groups_count": 0,
        "members_count": 2,
    }


@kisi_test
async def test_a_sign_in_page_learns_what_it_needs_without_a_login(api: Api) -> None:
    bare = Api(api.world, api.world.client("/kisi"))
    domain = api.world.made["organization"]["domain"]
    shown = await bare.done("GET", f"/organizations/{domain.upper()}/public")
    assert (shown["domain"], shown["sso_flow_enabled"]) == (domain, False)
    assert "user_id" not in shown
    assert (await bare.call("GET", "/organizations/nowhere/public")).status == 404


@kisi_test
async def test_a_forgotten_domain_is_mailed_and_the_answer_never_tells(api: Api) -> None:
    bare = Api(api.world, api.world.client("/kisi"))
    for email in (api.world.owner["email"], "nobody@else.test"):
        answer = await bare.call("POST", "/organizations/find", {"user": {"email": email}})
        assert (answer.status, answer.body) == (204, b"")
    queued = await api.world.core.store.read(
        api.world.organization_id, lambda view: view.outbox.due(api.world.clock.now(), limit=100)
    )
    assert [one.subject for one in queued] == ["Where you can sign in"]


@kisi_test
async def test_the_organization_is_handed_over_and_has_one_owner_all_the_time(api: Api) -> None:
    owner, user = await api.done("GET", "/user"), await add_user(api, "ada")
    mine = await sign_in_for(api, user)
    assert (await mine.call("POST", "/organization/accept_transfer")).status == 404
    offer = {"transfer_to_id": user["id"]}
    assert (await api.call("POST", "/organization/request_transfer", offer)).status == 204
    shown = await api.done("GET", "/organization")
    assert (shown["user_id"], shown["transfer_to_id"]) == (owner["id"], user["id"])
    assert shown["transfer_to"]["email"] == user["email"]
    assert (await mine.call("POST", "/organization/accept_transfer")).status == 204
    assert (await mine.done("GET", "/organization"))["user_id"] == user["id"]
    rights = await mine.done("GET", "/role_assignments?role_id=organization_owner")
    assert [right["user_id"] for right in rights] == [user["id"]]
    assert [one["state"] for one in await mine.done("GET", "/organization/transfers")] == ["accepted"]
    assert (await api.call("POST", "/organization/request_transfer", offer)).status == 403


@kisi_test
async def test_an_offer_is_cancelled_by_the_owner_and_rejected_by_the_user(api: Api) -> None:
    user = await add_user(api, "ada")
    mine, offer = await sign_in_for(api, user), {"organization": {"transfer_to_id": user["id"]}}
    for actor, verb in ((api, "cancel_transfer"), (mine, "reject_transfer")):
        await api.done("POST", "/organization/request_transfer", offer)
        assert (await api.call("POST", "/organization/request_transfer", offer)).status == 409
        assert (await actor.call("POST", f"/organization/{verb}")).status == 204
        assert (await mine.call("POST", "/organization/accept_transfer")).status == 404


@kisi_test
async def test_every_role_has_every_permission_key(api: Api) -> None:
    roles = {role["id"]: role["permissions"] for role in await api.done("GET", "/roles")}
    keys = [set(permissions) for permissions in roles.values()]
    assert all(one == keys[0] for one in keys)
    assert len(keys[0]) == 119
    assert {"locks_unlock", "cards_activate", "invites_write", "analytics_read", "users_write"} <= keys[0]
    assert "invites_read" not in keys[0]
    assert all(roles["organization_owner"].values())
    assert roles["group_basic"]["locks_unlock"] is True
    assert roles["group_basic"]["users_read"] is False
    manager = roles["user_manager"]
    assert (manager["users_write"], manager["locks_unlock"], manager["role_assignments_write"]) == (
        True,
        False,
        False,
    )
