"""The main story, as a newcomer sees it."""

import json

from tests.support.process import run_rekey


def test_the_demo_tells_its_story_to_the_end_and_prints_the_receipt() -> None:
    told = json.loads(run_rekey("demo", "--once", "--json").stdout)
    assert [step["through"] for step in told["steps"]] == [
        "Rekey",
        "Doordeck",
        "Doordeck",
        "Kisi",
        "The door",
        "Doordeck",
        "Kisi",
        "Seam",
        "Doordeck",
        "Kisi",
        "The door",
    ]
    assert told["receipt"]["complete"] is True
    assert [(line["name"], line["status"]) for line in told["receipt"]["doors"]] == [
        ("Front door", "confirmed")
    ]
