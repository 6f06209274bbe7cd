"""Webhooks from a served store to a receiver on this machine, checked by what the vendor gives receivers."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
import pytest
from seam.seam_webhook import SeamWebhook
from svix.webhooks import Webhook, WebhookVerificationError

from tests.support.node import run_node
from tests.support.process import RekeyProcess

_DEADLINE = 20.0
_VERIFY = """
const { SeamWebhook } = await import("@seamapi/webhook");
const { secret, body, headers } = JSON.parse(process.argv[2]);
const event = new SeamWebhook(secret).verify(body, headers);
process.stdout.write(event.event_type);
"""


@dataclass
class Post:
    """What came, as it came."""

    body: str
    headers: dict[str, str]


@dataclass
class Receiver:
    """Listens on a free port of this machine; answers what `answers` holds, then 204."""

    posts: "Queue[Post]" = field(default_factory=Queue)
    answers: list[int] = field(default_factory=list)
    url: str = ""

    def next(self) -> Post:
        return self.posts.get(timeout=_DEADLINE)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    seen = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self.send_response(seen.answers.pop(0) if seen.answers else 204)
            self.send_header("content-length", "0")
            self.end_headers()
            seen.posts.put(Post(body, dict(self.headers.items())))

        def log_message(self, *_parts: Any) -> None:
            """Say nothing on the terminal."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.url = f"http://localhost:{listening.server_address[1]}/in"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RekeyProcess]:
    """Give a server that may tell receivers on this machine."""
    folder: Path = tmp_path_factory.mktemp("told")
    config = folder / "rekey.toml"
    config.write_text('outgoing_networks = ["127.0.0.0/8", "::1/128"]\n')
    with RekeyProcess(folder / "rekey", serve=("--config", str(config))) as running:
        yield running


def called(server: RekeyProcess, path: str, **body: Any) -> dict[str, Any]:
    proof = {"authorization": f"Bearer {server.keys['seam']}"}
    answer = httpx.post(f"{server.url}/seam{path}", json=body, headers=proof)
    assert answer.is_success, answer.text
    document: dict[str, Any] = answer.json()
    return document


def subscribed(server: RekeyProcess, receiver: Receiver, *types: str) -> dict[str, Any]:
    webhook: dict[str, Any] = called(server, "/webhooks/create", url=receiver.url, event_types=[*types])[
        "webhook"
    ]
    return webhook


def made_space(server: RekeyProcess, name: str) -> str:
    return str(called(server, "/spaces/create", name=name)["space"]["space_id"])


def test_what_is_told_is_verified_by_the_vendors_own_receivers(
    teller: RekeyProcess, receiver: Receiver
) -> None:
    webhook = subscribed(teller, receiver, "space.created")
    space_id = made_space(teller, "Verified")
    post = receiver.next()
    event = SeamWebhook(webhook["secret"]).verify(post.body, post.headers)
    assert (event.event_type, json.loads(post.body)["space_id"]) == ("space.created", space_id)
    given = {"secret": webhook["secret"], "body": post.body, "headers": post.headers}
    done = run_node(_VERIFY, json.dumps(given))
    assert (done.returncode, done.stdout) == (0, "space.created"), done.stderr
    called(teller, "/webhooks/delete", webhook_id=webhook["webhook_id"])


def test_a_forged_body_is_noticed(teller: RekeyProcess, receiver: Receiver) -> None:
    webhook = subscribed(teller, receiver, "space.created")
    made_space(teller, "Forged")
    post = receiver.next()
    with pytest.raises(WebhookVerificationError):
        SeamWebhook(webhook["secret"]).verify(post.body.replace("Forged", "Other") + " ", post.headers)
    called(teller, "/webhooks/delete", webhook_id=webhook["webhook_id"])


def test_a_failure_is_told_again_under_the_same_id_and_a_new_time(
    teller: RekeyProcess, receiver: Receiver
) -> None:
    receiver.answers = [500]
    webhook = subscribed(teller, receiver, "space.created")
    made_space(teller, "Again")
    first, again = receiver.next(), receiver.next()
    assert (first.body, first.headers["svix-id"]) == (again.body, again.headers["svix-id"])
    assert int(again.headers["svix-timestamp"]) - int(first.headers["svix-timestamp"]) >= 5
    for post in (first, again):
        SeamWebhook(webhook["secret"]).verify(post.body, post.headers)
    called(teller, "/webhooks/delete", webhook_id=webhook["webhook_id"])


def test_a_dead_receiver_slows_no_other(teller: RekeyProcess, receiver: Receiver) -> None:
    dead = called(teller, "/webhooks/create", url="http://localhost:9/in", event_types=["space.created"])
    alive = subscribed(teller, receiver, "space.created")
    for number in range(3):
        space_id = made_space(teller, f"Beside {number}")
        assert json.loads(receiver.next().body)["space_id"] == space_id
    for webhook in (dead["webhook"], alive):
        called(teller, "/webhooks/delete", webhook_id=webhook["webhook_id"])


def test_during_a_rotation_old_and_new_secret_both_verify(teller: RekeyProcess, receiver: Receiver) -> None:
    webhook = subscribed(teller, receiver, "space.created")
    rotated = httpx.post(
        f"{teller.url}/api/v1/subscriptions/{webhook['webhook_id']}/rotate",
        json={},
        headers={"authorization": f"Bearer {teller.keys['rekey']}"},
    )
    assert rotated.is_success, rotated.text
    made_space(teller, "Rotated")
    post = receiver.next()
    for secret in (webhook["secret"], rotated.json()["secret"]):
        Webhook(secret).verify(post.body, post.headers)
    assert len(post.headers["svix-signature"].split(" ")) == 2
    called(teller, "/webhooks/delete", webhook_id=webhook["webhook_id"])


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/in",
        "https://192.168.0.1:8443/in",
        "https://169.254.169.254/latest",
        "https://user:pass@hooks.example/in",
        "ftp://hooks.example/in",
        "no address",
    ],
)
def test_an_address_that_may_not_be_told_is_refused(teller: RekeyProcess, url: str) -> None:
    proof = {"authorization": f"Bearer {teller.keys['seam']}"}
    answer = httpx.post(f"{teller.url}/seam/webhooks/create", json={"url": url}, headers=proof)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_input")
