"""The caller's own account: passwords, second factor, logins, leaving. Source: contract sections 2.1 and 2.2."""

import asyncio
from base64 import b32decode, b64encode
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from rekey.ports.attempts import AttemptKind
from rekey.testing.frozen_clock import FrozenClock
from rekey.webkit.attempt_limit import RATES
from tests.support.asgi import Response
from tests.support.mailbox import Mailbox
from tests.support.world import World, open_world

PREFIX = "/kisi"
NEW = "quite another one"
Tale = Callable[["Office"], Awaitable[None]]


class Office:
    """One organization, seen through this API."""

    def __init__(self, world: World, clock: FrozenClock) -> None:
        self.world = world
        self.clock = clock
        self.secret: str | None = None

    async def call(self, method: str, path: str, body: Any = None, **more: str) -> Response:
        import json

        headers = {"content-type": "application/json", **more}
        if self.secret is not None and "authorization" not in headers:
            headers["authorization"] = f"KISI-LOGIN {self.secret}"
        content = b"" if body is None else json.dumps(body)
        return await self.world.client(PREFIX).send(method, path, headers, content)

    async def sign_in(self, password: str | None = None, **more: Any) -> Response:
        login = {"type": more.pop("type", "device"), **more.pop("login", {})}
        user = {
            "domain": "acme",
            "email": self.world.owner["email"],
            "password": password or self.world.owner["password"],
            **more,
        }
        return await self.call("POST", "/logins", {"login": login, "user": user}, authorization="null")

    async def begin(self) -> "Office":
        self.secret = (await self.sign_in()).json()["secret"]
        return self

    def both(self, password: str | None = None) -> dict[str, str]:
        """Give the login and HTTP Basic in one header."""
        pair = f"{self.world.owner['email']}:{password or self.world.owner['password']}"
        basic = b64encode(pair.encode()).decode()
        return {"authorization": f"KISI-LOGIN {self.secret}, Basic {basic}"}

    async def with_second_factor(self) -> TOTP:
        made = (await self.call("POST", "/user/2fa/otp_secret", **self.both())).json()
        assert made["uri"].startswith("otpauth://totp/")
        totp = TOTP(b32decode(made["otp_secret"]), 6, SHA1(), 30, enforce_key_length=False)  # noqa: S303  # RFC 6238
        attempt = {"user": {"otp_attempt": self.code(totp)}}
        activated = await self.call("POST", "/user/2fa/activate", attempt, **self.both())
        assert (activated.status, activated.body) == (204, b"")
        self.clock.advance(timedelta(seconds=30))
        return totp

    def code(self, totp: TOTP) -> str:
        return totp.generate(int(self.clock.now().timestamp())).decode()


def tell(data: Path, tale: Tale) -> None:
    async def told() -> None:
        clock, mailbox = FrozenClock(), Mailbox(reaches_people=True)
        async with open_world(data, clock=clock, dialects=("kisi",), mailbox=mailbox) as world:
            await tale(await Office(world, clock).begin())

    asyncio.run(told())


def test_wrong_passwords_are_afc516_and_then_429_as_in_every_api(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        burst = RATES[AttemptKind.PASSWORD].account.burst
        told = [await office.sign_in("wrong") for _ in range(burst)]
        assert {(reply.status, reply.json().get("code")) for reply in told[: burst - 1]} == {(401, "afc516")}
        refused = await office.sign_in()
        assert (refused.status, refused.json()["code"]) == (429, "000429")
        assert int(refused.header("retry-after") or 0) >= 1

    tell(tmp_path, tale)


def test_a_second_factor_is_asked_for_judged_and_shown(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        totp = await office.with_second_factor()
        needed = await office.sign_in()
        assert (needed.status, needed.json()["code"]) == (401, "afc526")
        wrong = await office.sign_in(otp_attempt="000000" if office.code(totp) != "000000" else "111111")
        assert (wrong.status, wrong.json()["code"]) == (401, "afc536")
        backup = await office.sign_in(otp_attempt="aaaaaa")
        assert (backup.status, backup.json()["code"]) == (401, "afc546")
        made = await office.sign_in(otp_attempt=office.code(totp))
        assert (made.status, made.json()["otp_required_for_login"]) == (200, True)
        shown = (await office.call("GET", "/user")).json()
        assert (shown["otp_required_for_login"], bool(shown["otp_enabled_at"])) == (True, True)

    tell(tmp_path, tale)


def test_an_api_key_made_by_password_needs_the_second_factor_too(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        totp = await office.with_second_factor()
        assert (await office.sign_in(type="api")).json()["code"] == "afc526"
        assert (await office.sign_in(type="api", otp_attempt=office.code(totp))).status == 200

    tell(tmp_path, tale)


def test_backup_codes_are_six_characters_and_count_once(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        await office.with_second_factor()
        codes = (await office.call("POST", "/user/2fa/backup_codes", **office.both())).json()["backup_codes"]
        assert {len(code) for code in codes} == {6}
        assert (await office.sign_in(otp_attempt=codes[0])).status == 200
        assert (await office.sign_in(otp_attempt=codes[0])).json()["code"] == "afc546"

    tell(tmp_path, tale)


def test_the_second_factor_is_switched_off_with_a_code(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        totp = await office.with_second_factor()
        path, right = "/user/2fa/deactivate", {"user": {"otp_attempt": office.code(totp)}}
        wrong = await office.call("POST", path, {"user": {"otp_attempt": "aaaaaa"}}, **office.both())
        assert (wrong.status, wrong.json()["errors"]) == (422, {"otp_attempt": ["is invalid"]})
        assert (await office.call("POST", path, right, **office.both())).status == 204
        assert (await office.sign_in()).status == 200

    tell(tmp_path, tale)


@pytest.mark.parametrize("path", ["otp_secret", "activate", "deactivate", "backup_codes"])
def test_the_calls_of_the_second_factor_ask_for_the_password_again(tmp_path: Path, path: str) -> None:
    async def tale(office: Office) -> None:
        body = {"user": {"otp_attempt": "123456"}}
        assert (await office.call("POST", f"/user/2fa/{path}", body)).status == 401
        wrong = await office.call("POST", f"/user/2fa/{path}", body, **office.both("wrong"))
        assert (wrong.status, wrong.json()["code"]) == (401, "afc516")
        basic_alone = office.both()["authorization"].split(", ")[1]
        assert (await office.call("POST", f"/user/2fa/{path}", body, authorization=basic_alone)).status == 401

    tell(tmp_path, tale)


def test_a_password_is_changed_with_the_old_one(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        old = office.world.owner["password"]

        async def change(**user: str) -> Response:
            return await office.call("PATCH", "/user", {"user": user})

        assert (await change(password=NEW)).json()["errors"] == {"current_password": ["can't be blank"]}
        wrong = await change(password=NEW, current_password="wrong")
        assert wrong.json()["errors"] == {"current_password": ["is invalid"]}
        differs = await change(password=NEW, current_password=old, password_confirmation="x")
        assert differs.json()["errors"] == {"password_confirmation": ["doesn't match password"]}
        assert (await change(password="short", current_password=old)).status == 422
        assert (await change(password=NEW, current_password=old, name="Olga O.")).status == 204
        assert (await office.call("GET", "/user")).json()["name"] == "Olga O."
        assert (await office.sign_in()).status == 401
        assert (await office.sign_in(NEW)).status == 200

    tell(tmp_path, tale)


def test_a_forgotten_password_is_chosen_by_mail_and_nobody_learns_who_has_an_account(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        email = office.world.owner["email"]
        for user in (
            {"email": email, "domain": "acme"},
            {"email": "nobody@acme.test", "domain": "acme"},
            {"email": email, "domain": "nowhere"},
        ):
            asked = await office.call("POST", "/users/password", {"user": user}, authorization="null")
            assert (asked.status, asked.body) == (204, b"")
        letter = (await office.world.deliver()).newest(email).text
        token = next(line for line in letter.splitlines() if line.startswith("acme."))
        body = {"password": NEW, "password_confirmation": NEW, "reset_password_token": token}
        path = "/users/password"
        bad = {**body, "reset_password_token": "acme.unknown"}
        assert (await office.call("PATCH", path, {"user": bad}, authorization="null")).status == 401
        short = {**body, "password": "short", "password_confirmation": "short"}
        assert (await office.call("PATCH", path, {"user": short}, authorization="null")).status == 422
        assert (await office.call("PUT", path, {"user": body}, authorization="null")).status == 204
        assert (await office.call("GET", "/user")).status == 401
        assert (await office.sign_in(NEW)).status == 200

    tell(tmp_path, tale)


def test_of_forty_one_devices_the_least_used_is_signed_out(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        from rekey.ports.attempts import Uncounted

        object.__setattr__(office.world.core, "attempts", Uncounted())
        secrets = [office.secret]
        for _ in range(39):
            office.clock.advance(timedelta(minutes=2))
            secrets.append((await office.sign_in()).json()["secret"])
        office.secret = secrets[0]
        assert (await office.call("GET", "/login")).status == 200
        await office.sign_in()
        assert (await office.call("GET", "/login")).status == 200
        office.secret = secrets[1]
        assert (await office.call("GET", "/login")).status == 401

    tell(tmp_path, tale)


def test_an_eleventh_api_key_is_an_error(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        told = [(await office.sign_in(type="api")).status for _ in range(10)]
        assert told == [*[200] * 9, 422]

    tell(tmp_path, tale)


def test_a_device_that_lies_idle_is_signed_out_and_one_in_use_is_not(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        for_ever = (await office.sign_in(login={"expire": "false"})).json()
        idle = (await office.sign_in()).json()
        assert (for_ever["expire"], idle["expire"]) == (False, True)
        for _ in range(3):
            office.clock.advance(timedelta(days=13))
            assert (await office.call("GET", "/login")).status == 200
        office.secret = idle["secret"]
        assert (await office.call("GET", "/login")).status == 401
        office.secret = for_ever["secret"]
        assert (await office.call("GET", "/login")).status == 200

    tell(tmp_path, tale)


def test_use_is_noted_coarsely(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        first = (await office.call("GET", "/login")).json()["last_used_at"]
        office.clock.advance(timedelta(minutes=59))
        assert (await office.call("GET", "/login")).json()["last_used_at"] == first
        office.clock.advance(timedelta(minutes=2))
        await office.call("GET", "/login")
        noted = (await office.call("GET", "/login")).json()["last_used_at"]
        assert noted is not None
        assert noted != first

    tell(tmp_path, tale)


def test_a_login_keeps_what_its_device_said(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        about = {"device_brand": "Acme", "device_model": "One", "os_name": "Plan 9", "push_token": "secret"}
        made = (await office.sign_in(login={"name": "Phone", **about})).json()
        office.secret = made["secret"]
        assert (made["device_brand"], made["device"], made["os"]["name"]) == (
            "Acme",
            {"brand": "Acme", "model": "One"},
            "Plan 9",
        )
        renamed = await office.call("PUT", "/login", {"login": {"name": "Old phone", "push_token": "x"}})
        assert (renamed.status, renamed.body) == (204, b"")
        shown = (await office.call("GET", "/login")).json()
        assert (shown["name"], shown["device_model"]) == ("Old phone", "One")

    tell(tmp_path, tale)


def test_one_login_is_primary_at_most(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        other = (await office.sign_in()).json()
        assert (await office.call("POST", "/login/promote")).status == 204
        assert (await office.call("GET", "/login")).json()["primary"] is True
        assert (await office.call("POST", f"/logins/{other['id']}/promote")).status == 204
        listed = (await office.call("GET", "/logins")).json()
        assert [one["id"] for one in listed if one["primary"]] == [other["id"]]
        assert (await office.call("GET", "/user")).json()["primary_login_exists"] is True
        office.secret = office.world.keys["kisi"]
        assert (await office.call("POST", "/login/promote")).status == 422

    tell(tmp_path, tale)


def test_the_last_owner_stays_and_others_may_leave(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        assert (await office.call("DELETE", "/user")).status == 403
        await office.world.add_person("Ada", email="ada@acme.test")
        on_behalf = {"login": {"type": "device", "email": "ada@acme.test"}}
        office.secret = (await office.call("POST", "/logins", on_behalf)).json()["secret"]
        left = await office.call("DELETE", "/user")
        assert (left.status, bool(left.header("rekey-revocation"))) == (204, True)
        assert (await office.call("GET", "/user")).status == 401

    tell(tmp_path, tale)


def test_locale_image_and_what_was_read_are_kept(tmp_path: Path) -> None:
    async def tale(office: Office) -> None:
        told = {"locale": "de", "image": "https://x.test/a.png", "last_read_at": {"news": "2026-01-01"}}
        assert (await office.call("PATCH", "/user", {"user": told})).status == 204
        shown = (await office.call("GET", "/user")).json()
        assert {name: shown[name] for name in told} == told
        assert (await office.call("PATCH", "/user", {"user": {"locale": "xx"}})).status == 422

    tell(tmp_path, tale)
