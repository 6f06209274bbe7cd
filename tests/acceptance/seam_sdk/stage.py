"""What a walk finds when it begins: doors, a group, accounts, and a person's own token."""

import secrets
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.process import RekeyProcess

_LOGIN: dict[str, Any] = {"password": "1234", "code": "123456"}
ROOT_HOST = "localhost"


@dataclass(frozen=True, slots=True)
class Stage:
    """A server, the address at which clients look for the API, their secrets, and what is there."""

    endpoint: str
    key: str
    token: str
    known: dict[str, Any]


def set_stage(server: RekeyProcess, *, at_root: bool) -> Stage:
    """Prepare one walk. At the root the API has a host of its own, else a prefix."""
    port = httpx.URL(server.url).port
    endpoint = f"http://{ROOT_HOST}:{port}" if at_root else f"{server.url}/seam"
    tag = secrets.token_hex(4)
    known: dict[str, Any] = {
        "tag": tag,
        "site": server.site_id,
        "workspace": server.made["organization"]["id"],
    }
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=_bearer(server.keys["rekey"])) as native:
        for name in ("front", "side", "back", "spare"):
            known[name] = _made(
                native, "/doors", name=f"{name} {tag}", site=server.site_id, driver="simulated"
            )
        known["group"] = _made(native, "/door_groups", name=f"Labs {tag}", site=server.site_id)
        assert native.put(f"/door_groups/{known['group']}/doors/{known['back']}").is_success
    with httpx.Client(headers=_bearer(server.keys["seam"])) as seam:
        for name in ("account", "lost_account"):
            known[name] = _connect(seam, endpoint, f"{name}-{tag}@example.com")
    known["stock"] = _stock_card(server)
    return Stage(endpoint, server.keys["seam"], personal_token(server), known)


def personal_token(server: RekeyProcess) -> str:
    """Issue a token of the owner, who may make workspaces."""
    made = server.command("key", "add", "Walk", "--for", "seam_personal", "--person", server.owner["email"])
    return str(made["secret"])


def _stock_card(server: RekeyProcess) -> str:
    """Put a card that nobody has into the stock, and give its number."""
    number = str(1 + secrets.randbelow(2**34 - 1))
    card = {"card": {"type": "third_party_lf_hid_h10302", "card_number": number}}
    proof = {"authorization": f"KISI-LOGIN {server.keys['kisi']}"}
    answer = httpx.post(f"{server.url}/kisi/cards", json=card, headers=proof)
    assert answer.is_success, answer.text
    return number


def _bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def _made(native: httpx.Client, path: str, **body: str) -> str:
    answer = native.post(path, json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _connect(seam: httpx.Client, endpoint: str, email: str) -> str:
    """Sign in on the page of a webview as a person does; it brings simulated doors."""
    made = seam.post(f"{endpoint}/connect_webviews/create", json={}).json()["connect_webview"]
    page = httpx.post(made["url"], data={**_LOGIN, "email": email})
    assert page.status_code in {200, 303}, page.text
    asked = {"connect_webview_id": made["connect_webview_id"]}
    shown = seam.post(f"{endpoint}/connect_webviews/get", json=asked).json()["connect_webview"]
    return str(shown["connected_account_id"])
