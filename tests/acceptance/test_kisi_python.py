"""The Python client of the package registry, unmodified, with its host rewritten."""

from typing import Any

import pytest
import requests
from kisi import Connect

from tests.support.process import RekeyProcess

HOST = "https://api.kisi.io"


@pytest.fixture
def kisi(server: RekeyProcess, monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Give the client, whose every call goes to the server instead."""
    sent = requests.Session.request

    def rewritten(session: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
        return sent(session, method, url.replace(HOST, server.url + "/kisi"), **options)

    monkeypatch.setattr(requests.Session, "request", rewritten)
    return Connect(server.keys["kisi"])


def test_the_client_checks_its_key_by_the_organizations(server: RekeyProcess, kisi: Connect) -> None:
    with pytest.raises(Exception, match="Authentication failed"):
        Connect("no such key")


def test_the_client_manages_users(kisi: Connect) -> None:
    made = kisi.user.create_user("Pia", "pia@acme.test", send_emails=False, confirm=True)
    assert [one["id"] for one in kisi.user.fetch_users(query="pia@acme.test")] == [made["id"]]
    kisi.user.update_user(made["id"], access_enabled=False, notes="on leave")
    shown = kisi.user.fetch_user(made["id"])
    assert (shown["access_enabled"], shown["notes"]) == (False, "on leave")
    kisi.user.delete_user(made["id"])
    assert kisi.user.fetch_user(made["id"]) is None
    assert kisi.user.fetch_users(ids=str(made["id"])) == []


def test_the_client_knows_who_it_is(server: RekeyProcess, kisi: Connect) -> None:
    kisi.user.update_current_user(locale="de")
    shown = kisi.user.fetch_current_user()
    assert (shown["email"], shown["locale"]) == (server.owner["email"], "de")


def test_the_client_opens_and_locks_down(server: RekeyProcess, kisi: Connect) -> None:
    place = requests.get(
        f"{HOST}/places", headers={"Authorization": f"KISI-LOGIN {server.keys['kisi']}"}, timeout=5
    )
    lock = kisi.lock.create_lock("Python door", place.json()[0]["id"], description="at the back")
    assert kisi.lock.fetch_lock(lock["id"])["description"] == "at the back"
    assert kisi.lock.unlock_lock(lock["id"], 52.5, 13.4) == {"message": "Unlocked!"}
    kisi.lock.lock_down_lock(lock["id"])
    assert kisi.lock.unlock_lock(lock["id"], 52.5, 13.4) is None
    kisi.lock.cancel_lockdown(lock["id"])
    assert kisi.lock.unlock_lock(lock["id"], 52.5, 13.4) == {"message": "Unlocked!"}
    kisi.lock.update_lock(lock["id"], name="Renamed")
    assert [one["name"] for one in kisi.lock.fetch_locks(ids=lock["id"])] == ["Renamed"]
    kisi.lock.delete_lock(lock["id"])
    assert kisi.lock.fetch_lock(lock["id"]) is None


def test_the_client_manages_groups_and_reads_calendars(kisi: Connect) -> None:
    group = kisi.group.create_group("Python staff", description="first")
    kisi.group.update_group(group["id"], description="second")
    assert kisi.group.fetch_group(group["id"])["description"] == "second"
    around = "2026-01-01T00:00:00Z/P7D"
    assert kisi.calendar.fetch_summary(around, "allow", group_id=group["id"])["events"] == []
    kisi.group.delete_group(group["id"])
    assert kisi.group.fetch_group(group["id"]) is None


def test_the_client_finds_no_cameras(kisi: Connect) -> None:
    assert kisi.camera.fetch_cameras() == []
