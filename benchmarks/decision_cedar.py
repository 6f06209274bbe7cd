"""The world as cedarpy holds it: everything parsed once, or a slice of entities for each request."""

import json
from collections.abc import Callable
from typing import Any

import cedarpy

from benchmarks.decision_world import EdgeWorld

Entity = dict[str, Any]
_POLICY = """
permit(principal, action == Action::"open", resource)
when { resource in principal.doors || resource in principal.groups };
"""
_DECIDED = cedarpy.Decision.Allow


def parsed_entities(world: EdgeWorld) -> cedarpy.Entities:
    """Parse the whole world; done again in full whenever one edge goes."""
    groups_with = _groups_with(world)
    everything = [
        *(_person(world, person) for person in world.people),
        *(_door(door, groups_with.get(door, ())) for door in world.doors),
        *(_group(group) for group in world.doors_of_group),
    ]
    return cedarpy.Entities.from_json_str(json.dumps(everything))


def parsed(entities: cedarpy.Entities) -> Callable[[str, str], bool]:
    """Ask with policies and entities both parsed beforehand."""
    policies = cedarpy.PolicySet.from_str(_POLICY)

    def ask(person: str, door: str) -> bool:
        answer = cedarpy.is_authorized(_request(person, door), policies, entities)
        return bool(answer.decision == _DECIDED)

    return ask


def sliced(world: EdgeWorld) -> Callable[[str, str], bool]:
    """Ask with only this person's and this door's entities, so that a revocation needs no rebuild."""
    policies = cedarpy.PolicySet.from_str(_POLICY)
    groups_with = _groups_with(world)

    def ask(person: str, door: str) -> bool:
        entities = [_person(world, person), _door(door, groups_with.get(door, ()))]
        answer = cedarpy.is_authorized(_request(person, door), policies, entities)
        return bool(answer.decision == _DECIDED)

    return ask


def _request(person: str, door: str) -> dict[str, Any]:
    return {
        "principal": {"type": "User", "id": person},
        "action": {"type": "Action", "id": "open"},
        "resource": {"type": "Door", "id": door},
        "context": {},
    }


def _groups_with(world: EdgeWorld) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group, doors in world.doors_of_group.items():
        for door in doors:
            found[door] = (*found.get(door, ()), group)
    return found


def _reference(kind: str, name: str) -> dict[str, Any]:
    return {"__entity": {"type": kind, "id": name}}


def _person(world: EdgeWorld, person: str) -> Entity:
    return {
        "uid": {"type": "User", "id": person},
        "attrs": {
            "doors": [_reference("Door", door) for door in world.own[person]],
            "groups": [_reference("Group", group) for group in world.groups_of[person]],
        },
        "parents": [],
    }


def _door(door: str, groups: tuple[str, ...]) -> Entity:
    parents = [{"type": "Group", "id": group} for group in groups]
    return {"uid": {"type": "Door", "id": door}, "attrs": {}, "parents": parents}


def _group(group: str) -> Entity:
    return {"uid": {"type": "Group", "id": group}, "attrs": {}, "parents": []}
