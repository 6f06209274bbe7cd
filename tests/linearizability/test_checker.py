"""The checker itself: it accepts what is explainable and refuses what is not."""

import math

from tests.linearizability.checker import Call, is_linearizable


def decide(begun: float, answered: float, *, allowed: bool) -> Call:
    return Call("decide", begun, answered, allowed)


def test_a_decision_after_an_acknowledged_revocation_must_be_denied() -> None:
    history = [Call("grant", 0, 1), Call("revoke", 2, 3), decide(4, 5, allowed=True)]
    assert not is_linearizable(history)


def test_a_decision_that_overlaps_a_revocation_may_go_either_way() -> None:
    for allowed in (True, False):
        history = [Call("grant", 0, 1), Call("revoke", 2, 5), decide(3, 4, allowed=allowed)]
        assert is_linearizable(history)


def test_two_overlapping_decisions_may_not_see_a_revocation_undone() -> None:
    history = [
        Call("grant", 0, 1),
        Call("revoke", 2, 9),
        decide(3, 4, allowed=False),
        decide(5, 6, allowed=True),
    ]
    assert not is_linearizable(history)


def test_a_revocation_that_was_never_answered_may_have_happened_or_not() -> None:
    for allowed in (True, False):
        history = [Call("grant", 0, 1), Call("revoke", 2, math.inf), decide(3, 4, allowed=allowed)]
        assert is_linearizable(history)


def test_a_grant_that_was_never_answered_cannot_take_effect_before_it_was_begun() -> None:
    history = [decide(0, 1, allowed=True), Call("grant", 2, math.inf)]
    assert not is_linearizable(history)


def test_an_empty_history_is_explained() -> None:
    assert is_linearizable([])
