"""Every type of event is told by some act, or it is said why not."""

from pathlib import Path

from rekey.dialects.seam.event_catalogue import NEVER_TOLD, acts_of, table
from rekey.dialects.seam.event_types import EVENT_FORMS, EVENT_TYPES
from rekey.domain.actions import ACTIONS

PAGE = Path(__file__).parents[3] / "docs" / "dialects" / "seam.md"


def test_all_published_types_are_known() -> None:
    # One more is known to filters alone: the published catalogue lacks it.
    assert len(EVENT_TYPES - {"enrollment_automation.deleted"}) == 108


def test_each_type_is_told_by_an_act_or_has_a_reason_why_not() -> None:
    assert {type_ for type_ in EVENT_TYPES if not acts_of(type_)} == set(NEVER_TOLD)


def test_what_tells_a_type_is_an_action_of_the_journal() -> None:
    assert {action for type_ in EVENT_TYPES for action in acts_of(type_)} <= set(ACTIONS)


def test_a_type_that_is_told_has_a_namespace() -> None:
    assert all(EVENT_FORMS[type_].namespace for type_ in EVENT_TYPES - set(NEVER_TOLD))


def test_the_page_of_the_dialect_has_the_table() -> None:
    shown = PAGE.read_text().splitlines()
    assert [line for line in shown if line in set(table())] == [*table()]
