"""Applications: owners alone change them, keys come back as they were given, pictures are kept here."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.attacks.state import state_of, texts_of
from tests.dialects.doordeck.partner import NEW, add_application, new_id, partner_of
from tests.dialects.doordeck.signing import PREFIX, Phone, newcomer, owner_of
from tests.support.asgi import Response
from tests.support.world import World, open_world

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
JPEG = b"\xff\xd8\xff" + b"picture"
ORIGIN = "https://app.tower.test"
Tale = Callable[[World, Phone], Awaitable[None]]


def tell(data: Path, tale: Tale, **settings: Any) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck",), **settings) as world:
            await tale(world, await owner_of(world))

    asyncio.run(told())


def test_an_application_shows_what_was_given_and_the_defaults_for_the_rest(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone) -> None:
        given = {
            "privacyPolicy": "https://tower.test/privacy",
            "supportContact": "mailto:help@tower.test",
            "appLink": "tower://open",
            "emailPreferences": {"senderName": "Tower", "callToAction": None},
        }
        application = await add_application(owner, **given)
        shown = (await owner.call("GET", f"/platform/application/{application}")).json()
        assert {name: shown[name] for name in given if name != "emailPreferences"} == {
            name: value for name, value in given.items() if name != "emailPreferences"
        }
        assert shown["emailPreferences"] == {
            "senderEmail": "info@doordeck.com",
            "senderName": "Tower",
            "primaryColour": "#00283C",
            "secondaryColour": "#45BDD1",
            "onlySendEssentialEmails": False,
            "callToAction": None,
        }
        assert (shown["owners"], shown["oauth"], shown["isDoordeckApplication"]) == (
            [owner.user_id],
            None,
            False,
        )
        assert (await owner.call("GET", "/platform/application")).json() == [shown]

    tell(tmp_path, tale)


def test_preferences_merge_member_by_member(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone) -> None:
        path = f"/platform/application/{await add_application(owner)}"
        action = {"actionTarget": "https://tower.test", "headline": "Open", "actionText": "Go"}
        for change in ({"senderName": "Tower"}, {"primaryColour": "#abcdef"}, {"callToAction": action}):
            assert (await owner.call("POST", path, {"emailPreferences": change})).status == 204
        shown = (await owner.call("GET", path)).json()["emailPreferences"]
        assert (shown["senderName"], shown["primaryColour"], shown["callToAction"]) == (
            "Tower",
            "#abcdef",
            action,
        )

    tell(tmp_path, tale)


@pytest.mark.parametrize(
    "wrong",
    [
        {"privacyPolicy": "http://tower.test"},
        {"supportContact": "ftp://tower.test"},
        {"appLink": "no link"},
        {"logoUrl": "https://elsewhere.test/logo.png"},
        {"emailPreferences": {"primaryColour": "blue"}},
        {"emailPreferences": {"callToAction": {"headline": "alone"}}},
        {"name": ""},
        {"name": 5},
    ],
)
def test_what_clients_could_not_read_is_refused_and_changes_nothing(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    async def tale(world: World, owner: Phone) -> None:
        path = f"/platform/application/{await add_application(owner)}"
        before = state_of(world)
        assert (await owner.call("POST", path, wrong)).status == 400
        assert (await owner.call("POST", "/platform/application", {**NEW, **wrong})).status == 400
        assert state_of(world) == before

    tell(tmp_path, tale)


def test_only_an_owner_sees_or_changes_an_application(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone) -> None:
        ann, ben = await newcomer(world, "ann"), await newcomer(world, "ben")
        partner = await partner_of(ann)
        before = state_of(world)
        for method, path, body in (
            ("GET", "", None),
            ("GET", "/user", None),
            ("GET", "/owner", None),
            ("POST", "", {"name": "Mine"}),
            ("POST", "/auth/key", {"kty": "OKP", "crv": "Ed25519", "kid": "x", "x": "AA"}),
            ("POST", "/auth/issuer", {"url": "https://ben.test"}),
            ("POST", "/owner", {"userId": ben.user_id}),
            ("DELETE", "/owner", {"userId": ann.user_id}),
            ("POST", "/logo", {"contentType": "image/png"}),
            ("DELETE", "", None),
        ):
            assert (await ben.call(method, partner.path + path, body)).status == 403, (method, path)
        assert state_of(world) == before
        assert (await ben.call("GET", "/platform/application")).json() == []
        assert (await partner.do("POST", "/owner", {"userId": ben.user_id})).status == 204
        assert (await ben.call("GET", partner.path)).status == 200
        assert (await partner.do("DELETE", "/owner", {"userId": ann.user_id})).status == 204
        assert (await partner.do("GET", "")).status == 403
        assert (await ben.call("DELETE", f"{partner.path}/owner", {"userId": ben.user_id})).status == 409

    tell(tmp_path, tale)


def test_where_registration_is_closed_who_manages_operators_still_adds_one(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone) -> None:
        assert (await owner.call("POST", "/platform/application", NEW)).status == 204

    tell(tmp_path, tale, registration="closed")


def test_an_issuer_belongs_to_one_application_of_the_server(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone) -> None:
        first, second = await partner_of(owner), await partner_of(owner, issuer="https://castle.test")
        taken = {"url": first.issuer}
        assert (await second.do("POST", "/auth/issuer", taken)).status == 409
        assert (await first.do("POST", "/auth/issuer", taken)).status == 204
        assert (await first.do("DELETE", "/auth/issuer", taken)).status == 204
        assert (await second.do("POST", "/auth/issuer", taken)).status == 204
        assert (await second.do("POST", "/auth/issuer", {"url": "tower"})).status == 400
        assert (await second.do("POST", "/issuer", {"url": "urn:tower"})).status == 204

    tell(tmp_path, tale)


def test_a_key_comes_back_as_it_was_given_without_its_private_part(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone) -> None:
        partner = await partner_of(owner)
        secret = "private-part-of-a-key"
        given: dict[str, Any] = {
            "kty": "EC",
            "use": "sig",
            "crv": "secp256k1",
            "kid": "k1",
            "x": "WbbnXmSK0kc4Xi7Qm0LFyWQ2uT3mOJMQ-yT-7rGYHtk",
            "y": "G8QyBWW2dBgTh0o8V3f-2zNyMKqHOCDq1CBqVa1UDHk",
            "alg": "ES256",
            "exp": 4_000_000_000,
            "key_ops": ["verify"],
            "x5t#S256": "abc",
        }
        assert (await partner.do("POST", "/auth/key", {**given, "d": secret})).status == 204
        rsa = {"kty": "RSA", "kid": "k2", "n": "AQAB", "e": "AQAB", "d": secret, "p": secret, "qi": secret}
        assert (await partner.do("POST", "/key", rsa)).status == 204
        keys = (await partner.show())["authKeys"]
        assert keys["k1"] == given
        assert keys["k2"] == {"kty": "RSA", "kid": "k2", "n": "AQAB", "e": "AQAB", "use": "sig"}
        assert secret not in texts_of(world)
        assert (await partner.do("POST", "/auth/key", given)).status == 409

    tell(tmp_path, tale)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kty": "oct", "kid": "k", "k": "AA"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "k"},
        {"kty": "RSA", "kid": "k", "n": 5, "e": "AQAB"},
        {"kty": "RSA", "kid": "k", "n": "AQAB", "e": "AQAB", "exp": "soon"},
        {"kty": "RSA", "kid": "k", "n": "AQAB", "e": "AQAB", "exp": True},
        {"kty": "EC", "kid": "k", "crv": "P-256", "x": "AA", "y": "AA", "key_ops": [1]},
    ],
)
def test_a_key_that_is_none_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    async def tale(_world: World, owner: Phone) -> None:
        path = f"/platform/application/{await add_application(owner)}/auth/key"
        assert (await owner.call("POST", path, wrong)).status == 400

    tell(tmp_path, tale)


def test_users_are_listed_by_their_ids_a_page_at_a_time(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone) -> None:
        partner = await partner_of(owner)
        for name in ("ann", "bob", "cy", "dee", "eve"):
            assert (await partner.phone(name).call("GET", "/account")).status == 200
        seen: list[str] = []
        after = ""
        for _page in range(3):
            query = f"?pageSize=2{after}"
            users = (await partner.do("GET", f"/user{query}")).json()
            seen += [user["userId"] for user in users]
            after = f"&lastUserRetrieved={seen[-1]}"
        assert (len(seen), seen) == (5, sorted(set(seen)))
        for wrong in ("pageSize=0", "pageSize=101", "pageSize=two", "lastUserRetrieved=x"):
            assert (await partner.do("GET", f"/user?{wrong}")).status == 400

    tell(tmp_path, tale)


async def _put(world: World, url: str, content: bytes, media_type: str) -> Response:
    parts = urlsplit(url)
    return await world.client().send(
        "PUT", f"{parts.path}?{parts.query}", {"content-type": media_type}, content
    )


@pytest.mark.parametrize(
    ("media_type", "content", "ending"), [("image/png", PNG, "png"), ("image/jpeg", JPEG, "jpeg")]
)
def test_a_picture_is_put_to_its_link_and_served_back(
    tmp_path: Path, media_type: str, content: bytes, ending: str
) -> None:
    async def tale(world: World, owner: Phone) -> None:
        partner = await partner_of(owner)
        url = (await partner.do("POST", "/logo", {"contentType": media_type})).json()["uploadUrl"]
        assert (await _put(world, url, content, media_type)).status == 200
        after_com = url.partition(".com")[2].partition("?")[0]
        assert after_com == f"/application/{partner.id}.{ending}"
        logo = f"https://cdn.doordeck.com{after_com}"
        assert (await partner.do("POST", "", {"logoUrl": logo})).status == 204
        assert (await partner.show())["logoUrl"] == logo
        served = await world.client(PREFIX).send("GET", after_com)
        assert (served.status, served.body, served.header("content-type")) == (200, content, media_type)
        assert served.header("x-content-type-options") == "nosniff"
        assert (await partner.do("DELETE", "")).status == 204
        assert (await world.client(PREFIX).send("GET", after_com)).status == 404

    tell(tmp_path, tale)


def test_a_link_takes_nothing_but_the_picture_that_it_was_made_for(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone) -> None:
        partner, other = await partner_of(owner), await add_application(owner)
        url = (await partner.do("POST", "/logo", {"contentType": "image/png"})).json()["uploadUrl"]
        before = state_of(world)
        assert (await _put(world, url, JPEG, "image/jpeg")).status == 403
        assert (await _put(world, url, b"<svg onload=alert(1)>", "image/png")).status == 400
        assert (await _put(world, url, PNG + b"x" * 600_000, "image/png")).status == 400
        assert (await _put(world, url.replace(partner.id, other), PNG, "image/png")).status == 403
        assert (await _put(world, url.partition("token=")[0] + "token=x", PNG, "image/png")).status == 403
        assert (
            await _put(world, url.partition("token=")[0] + f"token={owner.auth}", PNG, "image/png")
        ).status == 403
        assert (await partner.do("POST", "/logo", {"contentType": "image/svg+xml"})).status == 400
        assert state_of(world) == before
        assert (await world.client(PREFIX).send("GET", f"/application/{partner.id}.png")).status == 404

    tell(tmp_path, tale)


async def _from(world: World, origin: str, method: str = "GET", **headers: str) -> Response:
    return await world.client(PREFIX).send(method, "/account", {"origin": origin, **headers})


def test_pages_of_a_registered_origin_may_call_and_others_may_not(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone) -> None:
        partner = await partner_of(owner)
        asked = {"access-control-request-method": "GET", "access-control-request-headers": "authorization"}
        assert (await _from(world, ORIGIN, "OPTIONS", **asked)).header("access-control-allow-origin") is None
        assert (await partner.do("POST", "/cors", {"url": f"{ORIGIN}/"})).status == 204
        leave = await _from(world, ORIGIN, "OPTIONS", **asked)
        assert (leave.status, leave.header("access-control-allow-origin")) == (204, ORIGIN)
        assert leave.header("access-control-allow-methods") == "GET, POST, PUT, DELETE"
        assert leave.header("access-control-allow-headers") == "Authorization, Content-Type, Accept"
        for origin, allowed in ((ORIGIN, ORIGIN), ("https://evil.test", None), ("null", None), ("x", None)):
            answer = await _from(world, origin, authorization=f"Bearer {owner.auth}")
            assert (answer.status, answer.header("access-control-allow-origin")) == (200, allowed)
            assert "Origin" in (answer.header("vary") or "")
        assert (await partner.do("DELETE", "/cors", {"url": f"{ORIGIN}/"})).status == 204
        assert (await _from(world, ORIGIN, "OPTIONS", **asked)).header("access-control-allow-origin") is None

    tell(tmp_path, tale)


def test_an_applications_user_calls_from_the_pages_of_that_application_alone(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone) -> None:
        partner, other = await partner_of(owner), await partner_of(owner, issuer="https://castle.test")
        assert (await partner.do("POST", "/cors", {"url": ORIGIN})).status == 204
        for one, allowed in ((partner, ORIGIN), (other, None)):
            token = one.token(one.claims("ann"), standard=True)
            answer = await _from(world, ORIGIN, authorization=f"Bearer {token}")
            assert (answer.status, answer.header("access-control-allow-origin")) == (200, allowed)

    tell(tmp_path, tale)


def test_an_application_that_ended_is_unknown_to_its_owner(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone) -> None:
        partner = await partner_of(owner)
        assert (await partner.do("DELETE", "")).status == 204
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/user")):
            assert (await partner.do(method, path)).status == 404
        assert (await owner.call("GET", "/platform/application")).json() == []
        assert (await partner_of(owner)).id != partner.id

    tell(tmp_path, tale)


def test_an_id_that_no_application_has_is_404(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone) -> None:
        answer = await owner.call(
            "POST", f"/platform/application/{new_id()}/cors", json.dumps({"url": ORIGIN})
        )
        assert answer.status == 404

    tell(tmp_path, tale)
