"""One of everything that only the Kisi API has a call for."""

from typing import Any

from tests.dialects.in_world import Api

WEEKLY = {
    "name": "Unlocks",
    "reporter_id": 3,
    "period": "week",
    "frequency": 1,
    "scheduled_at": "2030-01-07T08:00:00Z",
    "time_zone": "UTC",
    "emails": ["auditor@people.test"],
}


async def kisi_numbers(kisi: Api, site: int, group: int, user: int) -> dict[str, int]:
    """Make what only that API has a call for, and name its hardware, of which there is none."""
    floor, elevator = {"number": 1, "name": "First", "place_id": site}, {"name": "West", "place_id": site}
    made = {
        "floor": await kisi.done("POST", "/floors", {"floor": floor}),
        "elevator": await kisi.done("POST", "/elevators", {"elevator": elevator}),
        "guest": await kisi.done("POST", "/guests", {"guest": {"name": "Gus"}}),
        "report": await kisi.done("POST", "/reports", {"report": {"name": "Users", "reporter_id": 2}}),
        "scheduled_report": await kisi.done("POST", "/scheduled_reports", {"scheduled_report": WEEKLY}),
    }
    stop = {"elevator_id": made["elevator"]["id"], "floor_id": made["floor"]["id"]}
    made["elevator_stop"] = await kisi.done("POST", "/elevator_stops", {"elevator_stop": stop})
    placed = {"group_id": group, "elevator_stop_id": made["elevator_stop"]["id"]}
    made["stop_in_group"] = await kisi.done("POST", "/group_elevator_stops", {"group_elevator_stop": placed})
    hours = {"monday": True, "starts_at_time": "09:00", "ends_at_time": "17:00", "consequence": "allow"}
    scheduled = {"scheduleable_type": "Group", "scheduleable_id": group, **hours}
    made["schedule"] = await kisi.done("POST", "/schedules", {"schedule": scheduled})
    (member,) = await kisi.done("GET", f"/members?user_id={user}")
    made |= await _credentials(kisi, group, user)
    numbers: dict[str, int] = {name: shown["id"] for name, shown in made.items()}
    return {**numbers, "member": member["id"], "hardware": 1}


async def _credentials(kisi: Api, group: int, user: int) -> dict[str, Any]:
    """Make a card that somebody holds, and a visitor's link."""
    card = await kisi.done("POST", "/cards", {"card": {"type": "third_party_hf", "uid": f"{group:08x}"}})
    await kisi.done("POST", f"/cards/{card['id']}/assign", {"user_id": user})
    link = await kisi.done("POST", "/group_links", {"group_link": {"group_id": group, "name": "Vera"}})
    return {"card": card, "group_link": link}
