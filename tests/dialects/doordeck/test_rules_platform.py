"""The rules that break real clients, as far as they are about sites, tiles, applications and the directory.

Each test is named by the number of its rule. Source: Doordeck contract, section 0.
"""

import asyncio
import json
from base64 import b64decode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.dialects.doordeck.partner import NEW, add_application, new_id, partner_of
from tests.dialects.doordeck.signing import PREFIX, Phone, newcomer, owner_of
from tests.dialects.doordeck.test_wire_shapes import NULL, require
from tests.support.world import World, open_world

V1 = {"accept": "application/json"}
V2 = {"accept": "application/vnd.doordeck.api-v2+json,application/json"}
V3 = {"accept": "application/vnd.doordeck.api-v3+json,application/json"}
Tale = Callable[[World, Phone, str], Awaitable[None]]


def tell(data: Path, tale: Tale) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck", "native")) as world:
            lock = await world.add_door("Front")
            await tale(world, await owner_of(world), lock)

    asyncio.run(told())


def native(world: World) -> Any:
    from tests.attacks.estate import acme_of

    return acme_of(world).native()


@pytest.mark.parametrize("standard", [True, False])
@pytest.mark.parametrize("name", ["EdDSA", "Ed25519"])
def test_rule_2_foreign_tokens_come_in_both_spellings_and_under_both_names(
    tmp_path: Path, standard: bool, name: str
) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        partner = await partner_of(owner)
        for subject in ("a", "ab", "abc", "abcd?>~"):
            token = partner.token(
                partner.claims(subject, email="ann@people.test"), standard=standard, alg=name
            )
            answer = await Phone(world, auth=token).call("GET", "/account")
            assert answer.status == 200, (subject, answer.body)

    tell(tmp_path, tale)


def test_rule_3_the_vendor_type_wins_in_a_combined_accept(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        tile = new_id()
        assert (await owner.call("PUT", f"/device/{lock}/tile/{tile}")).status == 202
        assert (await owner.call("GET", f"/tile/{tile}", **V1)).status == 303
        assert (await owner.call("GET", f"/tile/{tile}", **V2)).json() == {"deviceId": lock}
        assert (await owner.call("GET", f"/tile/{tile}", **V3)).json()["deviceIds"] == [lock]
        query = {"email": [_world.owner["email"]]}
        assert isinstance((await owner.call("POST", "/directory/query", query, **V2)).json(), list)

    tell(tmp_path, tale)


def test_rule_4_stray_type_members_are_ignored_at_every_depth(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, _lock: str) -> None:
        application = await add_application(owner)
        path = f"/platform/application/{application}"
        update = {
            "type": "com.doordeck.UpdateEmailPreferences",
            "emailPreferences": {"type": "com.doordeck.EmailPreferences", "senderName": "Tower"},
        }
        assert (await owner.call("POST", path, update)).status == 204
        key = {"type": "com.doordeck.EcKey", "kty": "EC", "kid": "k", "crv": "P-256", "x": "AA", "y": "AA"}
        assert (await owner.call("POST", f"{path}/auth/key", key)).status == 204
        shown = (await owner.call("GET", path)).json()
        assert shown["emailPreferences"]["senderName"] == "Tower"
        assert "type" not in shown["authKeys"]["k"]
        assert "type" not in shown["emailPreferences"]

    tell(tmp_path, tale)


def test_rule_5_an_explicit_null_is_an_absent_member(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        optional = ("privacyPolicy", "supportContact", "appLink", "logoUrl", "emailPreferences")
        application = await add_application(owner, **dict.fromkeys(optional))
        path = f"/platform/application/{application}"
        kept = {"companyName": "Castle Ltd", "supportContact": "mailto:help@tower.test"}
        assert (await owner.call("POST", path, {**kept, "name": None})).status == 204
        nothing = {"name": None, "companyName": None, "supportContact": None, "emailPreferences": None}
        assert (await owner.call("POST", path, nothing)).status == 204
        shown = (await owner.call("GET", path)).json()
        assert (shown["name"], shown["companyName"]) == ("Tower", "Castle Ltd")
        assert shown["supportContact"] == "mailto:help@tower.test"
        query = {"email": world.owner["email"], "telephone": None, "localKey": None, "identity": None}
        assert (await owner.call("POST", "/directory/query", query)).status == 200

    tell(tmp_path, tale)


def test_rule_8_the_location_of_a_new_application_is_absolute_and_ends_in_its_id(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, _lock: str) -> None:
        reply = await owner.call("POST", "/platform/application", NEW)
        parts = urlsplit(reply.header("location") or "")
        assert (reply.status, parts.scheme in {"http", "https"}, bool(parts.netloc)) == (204, True, True)
        named = parts.path.rpartition("/")[2]
        assert (await owner.call("GET", f"/platform/application/{named}")).json()["applicationId"] == named

    tell(tmp_path, tale)


def test_rule_9_the_gateways_sign_in_ignores_a_stale_token(tmp_path: Path) -> None:
    async def tale(world: World, _owner: Phone, _lock: str) -> None:
        stale = Phone(world, auth="stale")
        reply = await stale.call("POST", "/api/auth/token", world.owner)
        assert (reply.status, set(reply.json())) == (200, {"authToken"})
        signed_in = Phone(world, auth=reply.json()["authToken"])
        assert (await signed_in.call("GET", "/api/configuration/type")).status == 204

    tell(tmp_path, tale)


def test_rule_13_every_public_key_in_a_listing_is_rsa(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        partner = await partner_of(owner)
        ann = await partner.user("ann")
        await owner.share(lock, ann)
        invited = await owner.call("POST", "/share/invite/cy@acme.test?visitor=true")
        found = await partner.phone("bob").call("POST", "/directory/query", {"foreignKey": "ann"})
        users = (await owner.call("GET", f"/device/{lock}/users")).json()
        keys = [invited.json()["publicKey"], found.json()["publicKey"], *(u["publicKey"] for u in users)]
        for key in [*keys, (await ann.call("GET", "/account")).json()["publicKey"]]:
            assert isinstance(load_der_public_key(b64decode(key)), RSAPublicKey)

    tell(tmp_path, tale)


def test_rule_14_every_id_is_a_uuid_and_anything_else_is_unknown(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        partner, tile = await partner_of(owner), new_id().upper()
        await partner.user("ann")
        body = {"siteId": _world.site_id, "devices": [lock]}
        assert (await owner.call("PUT", f"/tile/{tile}", body, **V2)).status == 200
        shown = (await owner.call("GET", f"/tile/{tile.lower()}", **V3)).json()
        (user,) = (await partner.do("GET", "/user")).json()
        for text in (shown["siteId"], shown["tileId"], *shown["deviceIds"], user["userId"], partner.id):
            UUID(text)
        for path in ("/tile/front", "/platform/application/tower", "/api/controller/state/x"):
            assert (await owner.call("GET", path, **V3)).status == 404
        bad = {"siteId": "front", "devices": []}
        assert (await owner.call("PUT", f"/tile/{tile}", bad, **V2)).status == 400

    tell(tmp_path, tale)


def test_rule_15_tiles_show_in_the_audit_under_the_vendors_names(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        other, tile = await world.add_door("Back"), new_id()
        for devices in ([lock, other], [other], []):
            body = {"siteId": world.site_id, "devices": devices}
            assert (await owner.call("PUT", f"/tile/{tile}", body, **V2)).status == 200
        for door, kinds in (
            (lock, ["TILE_DISASSOCIATED", "TILE_ASSOCIATED"]),
            (other, ["TILE_DISASSOCIATED", "TILE_ASSOCIATED"]),
        ):
            events = (await owner.call("GET", f"/device/{door}/log", **V2)).json()
            about = [event for event in events if event["type"].startswith("TILE_")]
            assert [event["type"] for event in about] == kinds
            assert {event["deviceId"] for event in about} == {door}
            assert {event["issuer"]["userId"] for event in about} == {owner.user_id}

    tell(tmp_path, tale)


def test_rule_16_lists_are_never_null(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        application = await add_application(owner)
        shown = (await owner.call("GET", f"/platform/application/{application}")).json()
        require(shown, owners=list, corsDomains=list, authDomains=list, authKeys=dict, emailPreferences=dict)
        assert (shown["corsDomains"], shown["authDomains"], shown["authKeys"]) == ([], [], {})
        body = {"siteId": world.site_id, "devices": []}
        assert (await owner.call("PUT", f"/tile/{new_id()}", body, **V2)).json()["devices"] == []
        found = await owner.call("POST", "/api/configuration", {"type": "demo", "port": "8080"})
        assert [set(one) for one in found.json()] == [{"integration"}]

    tell(tmp_path, tale)


def test_rule_17_users_of_a_site_have_foreign_and_an_email_that_is_a_text(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        partner = await partner_of(owner)
        phone_only = await partner.user("cy", email=None, telephone="+15550100")
        await owner.share(lock, phone_only)
        users = (await owner.call("GET", f"/site/{world.site_id}/user")).json()
        for user in users:
            require(user, userId=str, email=str, displayName=(str, NULL), orphan=bool, foreign=bool)
        shown = {user["userId"]: user for user in users}
        assert (shown[phone_only.user_id]["email"], shown[phone_only.user_id]["foreign"]) == ("", False)
        assert shown[owner.user_id]["foreign"] is True

    tell(tmp_path, tale)


def test_rule_18_owners_have_orphan_and_orphaned(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, _lock: str) -> None:
        application = await add_application(owner)
        path = f"/platform/application/{application}/owner"
        invited = (await owner.call("POST", "/share/invite/cy@acme.test?visitor=false")).json()["id"]
        assert (await owner.call("POST", path, {"userId": invited})).status == 204
        owners = {one["userId"]: one for one in (await owner.call("GET", path)).json()}
        for one in owners.values():
            require(one, userId=str, email=str, displayName=(str, NULL), orphan=bool, foreign=bool)
            assert one["orphan"] is one["orphaned"]
        assert (owners[invited]["orphan"], owners[owner.user_id]["orphan"]) == (True, False)

    tell(tmp_path, tale)


def test_rule_19_a_match_by_phone_bears_both_names(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, _lock: str) -> None:
        partner = await partner_of(owner)
        await partner.user("ann", telephone="+15550100", telephone_verified=True)
        query = {"telephone": ["+15550100"], "email": ["ann@people.test"], "foreignKey": [], "localKey": []}
        rows = (await partner.phone("bob").call("POST", "/directory/query", query, **V2)).json()
        (by_phone,) = [row for row in rows if "telephone" in row]
        assert by_phone["phone"] == by_phone["telephone"] == "+15550100"
        assert len(rows) == 2

    tell(tmp_path, tale)


def test_rule_21_the_tiles_of_a_lock_stand_in_every_listing(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        tile = new_id()
        assert (await owner.call("PUT", f"/device/{lock}/tile/{tile.upper()}")).status == 202
        one = (await owner.call("GET", f"/device/{lock}")).json()
        assert one["settings"]["tiles"] == [tile]
        assert (await owner.call("GET", "/device")).json() == [one]
        assert (await owner.call("GET", f"/site/{world.site_id}/device")).json() == [one]

    tell(tmp_path, tale)


def test_rule_22_and_23_a_site_has_an_integer_radius_and_whole_seconds(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        (site,) = (await owner.call("GET", "/site")).json()
        require(site, radius=int, created=int, updated=int, colour=str, longitude=int, latitude=int)
        place = {"latitude": 52.5, "longitude": 13.4, "radius": 20, "colour": "#112233"}
        shown = await native(world).done("PATCH", f"/sites/{world.site_id}/map", place)
        assert {**place, "logo_url": None, "site": world.site_id} == shown
        reply = await owner.call("GET", "/site/")
        assert b'"radius":20,' in reply.body
        assert b"e+" not in reply.body
        (site,) = reply.json()
        assert (site["latitude"], site["longitude"], site["colour"]) == (52.5, 13.4, "#112233")

    tell(tmp_path, tale)


def test_rule_23_only_an_applications_user_has_a_time_as_text(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, _lock: str) -> None:
        partner = await partner_of(owner)
        await partner.user("ann")
        assert isinstance((await partner.show())["lastUpdated"], int)
        (user,) = (await partner.do("GET", "/user")).json()
        assert len(user["lastUpdated"]) == len("2026-01-31T12:00:00Z")
        assert user["lastUpdated"].endswith("Z")
        require(user, emailVerified=bool, telephoneVerified=bool, emailIndexed=bool, telephoneIndexed=bool)
        require(user, foreignKeyIndexed=bool, userId=str, email=(str, NULL), telephone=(str, NULL))

    tell(tmp_path, tale)


def test_rule_24_a_delete_carries_a_body(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        partner, second = await partner_of(owner), await newcomer(world, "ann")
        for path, body, member in (
            ("/auth/issuer", {"url": "https://second.test"}, "authDomains"),
            ("/cors", {"url": "https://app.tower.test"}, "corsDomains"),
            ("/owner", {"userId": second.user_id}, "owners"),
        ):
            value = next(iter(body.values()))
            for method, there in (("POST", True), ("DELETE", False)):
                assert (await partner.do(method, path, body)).status == 204
                assert (value in (await partner.show())[member]) is there
            assert (await partner.do("DELETE", path, body)).status == 404

    tell(tmp_path, tale)


def test_rule_25_an_empty_post_with_a_media_type_is_not_parsed(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        typed = {"content-type": "application/json"}
        assert (await owner.call("POST", "/share/invite/cy@acme.test?visitor=false", **typed)).status == 200
        assert (await owner.call("PUT", f"/device/{lock}/tile/{new_id()}", **typed)).status == 202

    tell(tmp_path, tale)


def test_rule_29_an_error_has_a_number_and_a_text_for_people(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, _lock: str) -> None:
        empty = await owner.call("GET", f"/tile/{new_id()}", **V3)
        assert empty.json() == {"code": 404, "message": "No devices associated with this tile"}
        for method, path, body, status in (
            ("POST", "/platform/application", {"name": "x"}, 400),
            ("GET", f"/platform/application/{new_id()}", None, 404),
            ("POST", "/device", {"key": "k", "name": "n", "unlockTime": 5}, 410),
            ("POST", "/api/configuration", {"type": "net2", "host": "h"}, 400),
        ):
            reply = await owner.call(method, path, body)
            assert (reply.status, reply.json()["code"]) == (status, status)
            assert isinstance(reply.json()["message"], str)

    tell(tmp_path, tale)


def test_rule_30_a_trailing_slash_is_accepted_on_every_path(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        tile = new_id()
        assert (await owner.call("PUT", f"/device/{lock}/tile/{tile}/")).status == 202
        assert (await owner.call("GET", f"/tile/{tile}/", **V3)).status == 200
        application = await add_application(owner)
        for path in (
            "/site/",
            f"/site/{world.site_id}/device/",
            f"/site/{world.site_id}/user/",
            "/platform/application/",
            f"/platform/application/{application}/",
            f"/platform/application/{application}/user/",
        ):
            assert (await owner.call("GET", path)).status == 200, path
        client = world.client(PREFIX)
        signed_in = await client.send("POST", "/api/auth/token/", {}, json.dumps(world.owner))
        assert signed_in.status == 200

    tell(tmp_path, tale)
