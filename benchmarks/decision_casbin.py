"""The world as pycasbin holds it: roles for groups, FastEnforcer keyed by door, and the plain Enforcer."""

from collections.abc import Callable
from itertools import chain

import casbin
from casbin.model import FastModel, Model

from benchmarks.decision_world import EdgeWorld

_MODEL = """
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj && g(r.sub, p.sub) && r.act == p.act
"""
_KEYS = (2, 1)


def fast(world: EdgeWorld) -> Callable[[str, str], bool]:
    """Give its fastest form: policies found by act and door before the matcher runs."""
    model = FastModel(_KEYS)
    model.load_model_from_text(_MODEL)
    return _asker(world, casbin.FastEnforcer(model, cache_key_order=_KEYS))


def plain(world: EdgeWorld) -> Callable[[str, str], bool]:
    """Give the form of its own first page, which tries every policy in turn."""
    model = Model()
    model.load_model_from_text(_MODEL)
    return _asker(world, casbin.Enforcer(model))


def _asker(world: EdgeWorld, enforcer: casbin.Enforcer) -> Callable[[str, str], bool]:
    parts = enforcer.get_model().model
    own = ((person, door, "open") for person, doors in world.own.items() for door in doors)
    grouped = ((group, door, "open") for group, doors in world.doors_of_group.items() for door in doors)
    # Straight into the list: its add_policy looks through all before each.
    for rule in chain(own, grouped):
        parts["p"]["p"].policy.append(list(rule))
    parts["g"]["g"].policy.extend(
        [person, group] for person, groups in world.groups_of.items() for group in groups
    )
    enforcer.build_role_links()

    def ask(person: str, door: str) -> bool:
        return bool(enforcer.enforce(person, door, "open"))

    return ask
