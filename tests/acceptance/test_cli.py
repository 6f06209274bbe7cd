"""The commands on a store that nobody serves, and the main ones against a running server too."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pysqlite3 import dbapi2

from tests.support.process import RekeyProcess, run_here


class Office:
    """A store with a door and a person, and commands that work it."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *arguments: str, code: int = 0) -> Any:
        """Run a command with --json, expect its exit code, and give what it printed."""
        done = run_here(*arguments, "--data", str(self.data), "--json")
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout) if done.stdout else None

    def add(self, door: str, person: str) -> tuple[str, str]:
        added = self("door", "add", door, "--site", "HQ", "--driver", "simulated")
        email = f"{person.lower()}@acme.test"
        return added["id"], self("person", "add", person, "--email", email)["id"]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Give a new store that each command opens for itself."""
    assert run_here("init", "--data", str(tmp_path / "rekey")).returncode == 0
    return Office(tmp_path / "rekey")


@pytest.fixture(params=["served", "alone"])
def either_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Give a new store twice: behind a server, and as `office`."""
    if request.param == "alone":
        yield request.getfixturevalue("office")
        return
    with RekeyProcess(tmp_path / "served") as running:
        yield Office(running.data)


def test_a_person_is_granted_asked_about_and_revoked(either_office: Office) -> None:
    office = either_office
    door, pia = office.add("Front", "Pia")
    office("grant", "add", "pia@acme.test", "--door", "Front")
    assert office("can", "pia", "front", "--why")["allowed"] is True
    assert pia in {one["person"]["id"] for one in office("who", "Front")}
    assert office("door", "open", "Front", "--person", "Pia")["state"] == "confirmed"
    planned = office("revoke", "Pia", "--door", "Front", "--plan")
    assert (planned["planned"], office("can", "Pia", "Front")["allowed"]) == (True, True)
    revoked = office("revoke", "Pia", "--door", "Front", "--wait", "--reason", "lost her key")
    assert [line["status"] for line in revoked["receipt"]["doors"]] == ["confirmed"]
    assert office("can", "Pia", "Front")["allowed"] is False
    assert office("receipt", "show", revoked["revocation"]["id"])["complete"] is True
    assert office("exposure") == []
    assert door == revoked["receipt"]["doors"][0]["door"]


def test_a_name_that_fits_several_people_lists_them_and_ends_with_2(office: Office) -> None:
    office("person", "add", "Anna Berg")
    office("person", "add", "Anna Dahl")
    told = office("person", "show", "Anna", code=2)
    assert [one["name"] for one in told["error"]["candidates"]] == ["Anna Berg", "Anna Dahl"]


def test_a_person_revoked_everywhere_is_granted_nothing_until_reinstated(office: Office) -> None:
    office.add("Front", "Pia")
    revoked = office("revoke", "Pia", "--everywhere", "--reason", "left")
    refused = office("grant", "add", "Pia", "--door", "Front", code=1)
    assert revoked["revocation"]["id"] in refused["error"]["text"]
    office("person", "reinstate", "Pia")
    assert office("grant", "add", "Pia", "--door", "Front")["role"] == "basic"


def test_an_export_is_verified_offline_and_an_altered_one_is_not(office: Office, tmp_path: Path) -> None:
    office.add("Front", "Pia")
    file, key = tmp_path / "journal.jsonl", str(office.data / "keys" / "journal.pub")
    office("journal", "export", str(file))
    done = run_here("journal", "verify", str(file), "--public-key", key, "--json")
    assert json.loads(done.stdout)["covered"] == 3
    file.write_text(file.read_text().replace("Pia", "Zoe"))
    doubted = run_here("journal", "verify", str(file), "--public-key", key)
    assert (doubted.returncode, "row 3 was altered" in doubted.stderr) == (1, True)
    assert office("journal", "verify")["rows"] == 3


def alter(office: Office, statement: str) -> None:
    """Change the store behind the program's back, as somebody with the disk in hand would."""
    with closing(dbapi2.connect(str(office.data / "rekey.db"))) as raw:
        raw.execute(statement)
        raw.commit()


def test_a_store_altered_behind_the_programs_back_names_the_first_row_in_doubt(office: Office) -> None:
    office.add("Front", "Pia")
    office("revoke", "Pia", "--door", "Front")
    alter(office, "UPDATE journal SET action = 'person.greeted' WHERE position = 4")
    assert "row 4 was altered" in office("journal", "verify", code=1)["error"]["text"]
    alter(office, "DELETE FROM journal WHERE position = 2")
    assert "row 2 is missing" in office("journal", "verify", code=1)["error"]["text"]


def test_a_store_cut_off_together_with_its_checkpoints_is_found_by_a_witness(
    office: Office, tmp_path: Path
) -> None:
    office.add("Front", "Pia")
    witness = tmp_path / "witness"
    witness.write_text(office("journal", "checkpoint")["checkpoint"])
    alter(office, "DELETE FROM journal WHERE position > 2")
    alter(office, "DELETE FROM checkpoints WHERE size > 2")
    assert office("journal", "verify")["covered"] == 2
    told = office("journal", "verify", "--witness", str(witness), code=1)
    assert "cut off: rows 3 to 3" in told["error"]["text"]


def test_a_receipt_is_verified_offline(office: Office, tmp_path: Path) -> None:
    office.add("Front", "Pia")
    revocation = office("revoke", "Pia", "--door", "Front")["revocation"]["id"]
    file = tmp_path / "receipt.json"
    office("receipt", "show", revocation, "--export", str(file))
    checked = office("receipt", "verify", str(file))
    assert checked["revocation"] == revocation
    file.write_text(file.read_text().replace(revocation, revocation[::-1], 1))
    office("receipt", "verify", str(file), code=1)


def test_events_come_in_the_order_of_their_positions(office: Office) -> None:
    office.add("Front", "Pia")
    done = run_here("events", "--data", str(office.data), "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["position"] for row in rows] == [1, 2, 3]
    assert [row["action"] for row in rows] == ["organization.founded", "door.added", "person.added"]


def test_a_door_is_shown_synchronised_locked_down_and_released(office: Office) -> None:
    office.add("Front", "Pia")
    assert office("door", "sync", "Front")["confirmed"] is True
    assert office("door", "show", "Front")["log"]["problem"] == ""
    office("door", "lockdown", "Front", "--reason", "drill")
    office("door", "open", "Front", code=1)
    office("door", "release", "Front")
    assert office("door", "open", "Front")["state"] == "confirmed"


def test_a_site_and_an_organization_are_added(office: Office) -> None:
    office("site", "add", "Annex", "--time-zone", "Europe/Oslo")
    assert {site["name"] for site in office("site", "list")} == {"HQ", "Annex"}
    office("organization", "add", "Beta", "--domain", "beta", "--owner-email", "bo@beta.test")
    assert [one["domain"] for one in office("organization", "list")] == ["acme"]


def test_a_command_without_a_store_says_what_to_do(tmp_path: Path) -> None:
    told = run_here("door", "list", "--data", str(tmp_path))
    assert (told.returncode, "rekey init" in told.stderr) == (1, True)


def test_a_file_of_cards_is_imported_whole_or_not_at_all(either_office: Office, tmp_path: Path) -> None:
    office = either_office
    office.add("Front", "Pia")
    file = tmp_path / "cards.csv"
    file.write_text("type,uid,label,email\nhf_uid,04a1b2c3,White,pia@acme.test\nhf_uid,xyz,,\n")
    refused = office("import", "cards", str(file), code=1)
    assert "line" in str(refused)
    file.write_text("type,uid,label,email\nhf_uid,04a1b2c3,White,pia@acme.test\nhf_uid,0badcafe,,\n")
    done = office("import", "cards", str(file))
    assert (done["about"], done["cards"], done["held"]) == ("cards", 2, 1)
    assert office("import", "undo", done["id"])["removed"] == 2


def test_removing_a_person_prints_what_is_left_behind(office: Office) -> None:
    office.add("Front", "Pia")
    for _twice in range(2):
        office("grant", "add", "pia@acme.test", "--door", "Front")
    told = run_here("person", "remove", "Pia", "--data", str(office.data))
    assert (told.returncode, "Left behind" in told.stdout) == (0, True)
    assert "more than one grant" in told.stdout
