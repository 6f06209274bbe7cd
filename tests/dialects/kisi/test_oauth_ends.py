"""Applications that act for users: how they are put out, at once and for good."""

import json

from rekey.domain.scope import Scope
from rekey.operations.keep_application import (
    EditApplication,
    EndApplication,
    edit_application,
    end_application,
)
from rekey.operations.reinstate_person import ReinstatePerson, reinstate_person
from rekey.operations.renew_application_secret import RenewApplicationSecret, renew_application_secret
from rekey.operations.revoke_person import RevokePerson, revoke_person
from tests.dialects.in_world import Api
from tests.dialects.kisi.oauth import HERS, PASSWORD, Scene, oauth_test


@oauth_test
async def test_the_end_or_suspension_of_an_application_ends_its_tokens_at_once(scene: Scene) -> None:
    keys = await scene.app.keys()
    suspended = EditApplication(application_id=scene.app.application_id, suspended=True)
    await scene.world.perform(edit_application, suspended)
    assert await scene.status(keys["access_token"]) == 401
    assert (await scene.app.renew(keys["refresh_token"])).json()["error"] == "invalid_client"
    resumed = EditApplication(application_id=scene.app.application_id, suspended=False)
    await scene.world.perform(edit_application, resumed)
    assert await scene.status(keys["access_token"]) == 200
    await scene.world.perform(end_application, EndApplication(application_id=scene.app.application_id))
    assert await scene.status(keys["access_token"]) == 401
    assert (await scene.app.authorize()).status == 400


@oauth_test
async def test_another_secret_ends_the_old_one_alone(scene: Scene) -> None:
    keys = await scene.app.keys()
    wanted = RenewApplicationSecret(
        application_id=scene.app.application_id,
        secret_fingerprint=scene.world.core.secrets.fingerprint("another"),
    )
    await scene.world.perform(renew_application_secret, wanted)
    assert (await scene.app.renew(keys["refresh_token"])).json()["error"] == "invalid_client"
    assert await scene.status(keys["access_token"]) == 200


@oauth_test
async def test_who_leaves_takes_the_applications_tokens_along_and_they_never_come_back(scene: Scene) -> None:
    person_id = await scene.person(HERS)
    who = {"email": HERS, "password": PASSWORD}
    keys, waiting = await scene.app.keys(**who), await scene.app.code(**who)
    assert await scene.status(keys["access_token"]) == 200
    everywhere = Scope.organization(scene.world.organization_id)
    await scene.world.perform(
        revoke_person, RevokePerson(person_id=person_id, scope=everywhere, leaving=True)
    )
    assert await scene.status(keys["access_token"]) == 401
    assert (await scene.app.allow(**who)).status in {401, 403}
    await scene.world.perform(reinstate_person, ReinstatePerson(person_id=person_id))
    assert await scene.status(keys["access_token"]) == 401
    assert (await scene.app.renew(keys["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await scene.app.exchange(waiting)).json()["error"] == "invalid_grant"


@oauth_test
async def test_a_user_who_is_deleted_takes_the_tokens_along(scene: Scene) -> None:
    await scene.person(HERS)
    keys = await scene.app.keys(email=HERS, password=PASSWORD)
    user = (await scene.api.done("GET", f"/users?query={HERS}"))[0]
    await scene.api.done("DELETE", f"/users/{user['id']}")
    assert await scene.status(keys["access_token"]) == 401
    assert (await scene.app.renew(keys["refresh_token"])).json()["error"] == "invalid_grant"


@oauth_test
async def test_a_directory_that_switches_somebody_off_ends_the_tokens(scene: Scene) -> None:
    await scene.person(HERS)
    keys = await scene.app.keys(email=HERS, password=PASSWORD)
    scim = Api(
        scene.world,
        scene.world.client("/scim/v2", {"authorization": f"Bearer {scene.world.keys['scim']}"}),
    )
    user = (await scim.done("GET", f'/Users?filter=userName%20eq%20"{HERS}"'))["Resources"][0]
    off = {"Operations": [{"op": "replace", "path": "active", "value": False}]}
    await scim.done("PATCH", f"/Users/{user['id']}", off)
    assert await scene.status(keys["access_token"]) == 401
    assert (await scene.app.renew(keys["refresh_token"])).json()["error"] == "invalid_grant"


@oauth_test
async def test_another_password_ends_the_tokens(scene: Scene) -> None:
    await scene.person(HERS)
    keys = await scene.app.keys(email=HERS, password=PASSWORD)
    body = {
        "user": {
            "current_password": PASSWORD,
            "password": "another one of hers",
            "password_confirmation": "another one of hers",
        }
    }
    by_the_app = await scene.app.get("/user", keys["access_token"], "PATCH", json.dumps(body))
    assert by_the_app.status in {403, 422}
    signing_in = {"login": {"type": "device"}, "user": {"email": HERS, "password": PASSWORD}}
    login = await Api(scene.world, scene.world.client("/kisi")).done("POST", "/logins", signing_in)
    changed = await scene.api.call("PATCH", "/user", body, authorization=f"KISI-LOGIN {login['secret']}")
    assert changed.status == 204
    assert await scene.status(keys["access_token"]) == 401
    assert (await scene.app.renew(keys["refresh_token"])).json()["error"] == "invalid_grant"


@oauth_test
async def test_an_application_makes_no_login_that_would_outlive_it(scene: Scene) -> None:
    token = (await scene.app.keys())["access_token"]
    body = {"login": {"type": "device", "email": scene.world.owner["email"], "expire": False}}
    assert (await scene.app.get("/logins", token, "POST", json.dumps(body))).status == 403
    assert (await scene.app.get("/login", token, "PUT", json.dumps({"login": {"name": "x"}}))).status == 403
    assert (await scene.app.get("/login", token)).status == 404


@oauth_test
async def test_an_application_does_not_delete_its_user(scene: Scene) -> None:
    await scene.person(HERS)
    token = (await scene.app.keys(email=HERS, password=PASSWORD))["access_token"]
    assert (await scene.app.get("/user", token, "DELETE")).status == 403
    assert await scene.status(token) == 200


@oauth_test
async def test_signing_out_ends_all_that_came_of_the_consent(scene: Scene) -> None:
    keys = await scene.app.keys()
    assert (await scene.app.get("/login", keys["access_token"], "DELETE")).status == 204
    assert await scene.status(keys["access_token"]) == 401
    assert (await scene.app.renew(keys["refresh_token"])).json()["error"] == "invalid_grant"
