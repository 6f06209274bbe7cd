"""The main story: granted in one API, used in another, revoked in the third, refused everywhere at once."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx

from rekey.cli.demo_people import Caller, SigningUser, StoryFailed

PERSON = "Pia Passenger"
EMAIL = "pia@acme.test"
DOOR = "Front door"
_WAIT_SECONDS = 10.0
_TURN_SECONDS = 0.02


class Story:
    """Plays the steps in order against a server; `receipt` is the last one's."""

    def __init__(self, http: httpx.AsyncClient, made: dict[str, dict[str, str]]) -> None:
        keys = made["keys"]
        self._http = http
        self._made = made
        self._password = secrets.token_urlsafe(12)
        self._native = Caller(http, "/api/v1", {"authorization": f"Bearer {keys['rekey']}"})
        self._seam = Caller(http, "/seam", {"authorization": f"Bearer {keys['seam']}"})
        self._kisi = Caller(http, "/kisi", {"authorization": f"KISI-LOGIN {keys['kisi']}"})
        self._visitor = Caller(http, "/doordeck", {})
        self._numbers: dict[str, int] = {}
        self._door = ""
        self.receipt: dict[str, Any] = {}

    async def play(self) -> AsyncIterator[tuple[str, str]]:
        """Do each step and tell who did it and what happened. Raises: StoryFailed."""
        self._door = await self._add_doors()
        yield "Rekey", f"Acme has a {DOOR.lower()} and a back door, both simulated, both online."
        pia = await self._register()
        yield "Doordeck", f"{PERSON} registers and enrols an Ed25519 key; the server signs its certificate."
        await pia.open(self._door, expect=403)
        yield "Doordeck", "Without a grant the signed request to open is refused: 403."
        await self._grant()
        yield "Kisi", f"The owner assigns {PERSON} to the group that holds the {DOOR.lower()}."
        await self._expect_at_door(pia.user_id, opens=True)
        yield "The door", "It knows her by now and opens by itself, also without the server."
        await pia.open(self._door, expect=200)
        yield "Doordeck", "Her signed request opens the door: 200, confirmed by the door."
        kisi = await self._sign_in_at_kisi()
        await kisi.ask("POST", f"/locks/{self._numbers[DOOR]}/unlock", {})
        yield "Kisi", "Her Kisi login opens it too: Unlocked!"
        await self._revoke(pia.user_id)
        yield "Seam", "user_identities/revoke_access_to_device takes the door away from her."
        await pia.open(self._door, expect=403)
        yield "Doordeck", "A fresh signed request is refused: 403."
        await self._refused_at_kisi(kisi)
        yield "Kisi", "Her login still stands, the door refuses her: 403."
        await self._confirm()
        await self._expect_at_door(pia.user_id, opens=False)
        yield "The door", "It refuses her by itself; its list was read back and she is gone from it."

    async def _add_doors(self) -> str:
        added = [
            await self._native.ask(
                "POST",
                "/doors",
                {"name": name, "site": self._made["site"]["id"], "driver": "simulated"},
                expect=201,
            )
            for name in (DOOR, "Back door")
        ]
        self._numbers = {door["name"]: door["number"] for door in added}
        return str(added[0]["id"])

    async def _register(self) -> SigningUser:
        account = {"email": EMAIL, "password": self._password, "displayName": PERSON}
        tokens = await self._visitor.ask("POST", "/auth/register?force=false", account)
        pia = SigningUser(self._http, tokens["authToken"])
        await pia.enrol_key()
        return pia

    async def _grant(self) -> None:
        users = await self._kisi.ask("GET", f"/users?query={EMAIL}")
        user = next(user for user in users if user["email"] == EMAIL)
        place = (await self._kisi.ask("GET", "/places"))[0]
        group = await self._kisi.ask("POST", "/groups", {"group": {"name": "Staff", "place_id": place["id"]}})
        placed = {"group_lock": {"group_id": group["id"], "lock_id": self._numbers[DOOR]}}
        await self._kisi.ask("POST", "/group_locks", placed)
        assigned = {
            "role_id": "group_basic",
            "assignee_type": "User",
            "assignee_id": user["id"],
            "applies_to_type": "Group",
            "applies_to_id": group["id"],
        }
        await self._kisi.ask("POST", "/role_assignments", {"role_assignment": assigned})

    async def _sign_in_at_kisi(self) -> Caller:
        account = {"email": EMAIL, "password": self._password, "domain": self._made["organization"]["domain"]}
        body = {"login": {"type": "device", "name": "Pia's phone"}, "user": account}
        login = await Caller(self._http, "/kisi", {}).ask("POST", "/logins", body)
        return Caller(self._http, "/kisi", {"authorization": f"KISI-LOGIN {login['secret']}"})

    async def _revoke(self, person: str) -> None:
        listed = await self._seam.ask("POST", "/devices/list", {})
        device = next(device for device in listed["devices"] if device["device_id"] == self._door)
        wanted = {"user_identity_id": person, "device_id": device["device_id"]}
        answer = await self._seam.call("POST", "/user_identities/revoke_access_to_device", wanted, expect=200)
        revocation = answer.headers.get("rekey-revocation")
        if answer.json() != {"ok": True} or not revocation:
            raise StoryFailed("Seam's answer names no revocation")
        self.receipt = {"revocation": {"id": revocation}}

    async def _refused_at_kisi(self, kisi: Caller) -> None:
        answer = await kisi.call("POST", f"/locks/{self._numbers[DOOR]}/unlock", {}, expect=403)
        if "code" not in answer.json():
            raise StoryFailed("Kisi's refusal carries no code")

    async def _confirm(self) -> None:
        """Wait until the door has proved the revocation. Raises: StoryFailed after 10 s."""
        path = f"/revocations/{self.receipt['revocation']['id']}/receipt"
        for _ in range(int(_WAIT_SECONDS / _TURN_SECONDS)):
            self.receipt = await self._native.ask("GET", path)
            if self.receipt["complete"]:
                return
            await asyncio.sleep(_TURN_SECONDS)
        raise StoryFailed("the door did not confirm the revocation")

    async def _expect_at_door(self, person: str, *, opens: bool) -> None:
        """Present the person at the door itself, until it has heard of a grant. Raises: StoryFailed."""
        for _ in range(int(_WAIT_SECONDS / _TURN_SECONDS) if opens else 1):
            shown = await self._native.ask("POST", f"/doors/{self._door}/simulate", {"person": person})
            if shown["opened"] is opens:
                return
            await asyncio.sleep(_TURN_SECONDS)
        raise StoryFailed(f"the door itself {'refused' if opens else 'opened'}")
