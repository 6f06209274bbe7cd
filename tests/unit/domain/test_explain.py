from rekey.domain.access import decide, explain, standing_paths
from rekey.domain.block import SubjectKind
from rekey.domain.decision import Denied, DenyReason
from rekey.domain.validity import Validity
from tests.unit.domain.builders import (
    AT_SITE,
    DOOR,
    NOON,
    PERSON,
    ada,
    block,
    card,
    front_door,
    grant,
    membership,
    revocation,
    team_grant,
)


def test_explanation_holds_the_decision_itself() -> None:
    holder = ada(grant())
    assert explain(holder, front_door(), NOON).decision == decide(holder, front_door(), NOON)


def test_explanation_tells_every_refusal_in_the_order_of_the_rule() -> None:
    holder = ada(grant(), blocks=(block(SubjectKind.PERSON, PERSON),))
    door = front_door(blocks=(block(SubjectKind.DOOR, DOOR),))
    explanation = explain(holder, door, NOON, card(validity=Validity(None, NOON)))
    assert explanation.refusals == (
        Denied(DenyReason.CREDENTIAL_EXPIRED, "card"),
        Denied(DenyReason.BLOCKED, "operator block on ada"),
        Denied(DenyReason.BLOCKED, "operator block on front door"),
    )


def test_explanation_tells_the_fate_of_every_path() -> None:
    holder = ada(
        grant(1, scope=AT_SITE),
        grant(6),
        team_grant(7, validity=Validity(None, NOON)),
        memberships=(membership(7),),
        revocations=(revocation(5),),
    )
    fates = {verdict.path.grant.id: verdict.reason for verdict in explain(holder, front_door(), NOON).paths}
    assert fates == {"grant 1": DenyReason.REVOKED, "grant 6": None, "grant 7": DenyReason.GRANT_EXPIRED}


def test_explanation_names_the_revocation_behind_a_silenced_path() -> None:
    explanation = explain(ada(grant(1), revocations=(revocation(5),)), front_door(), NOON)
    assert [verdict.cause_id for verdict in explanation.paths] == ["revocation 5"]


def test_paths_are_explained_although_a_block_has_settled_the_matter() -> None:
    holder = ada(grant(), blocks=(block(SubjectKind.PERSON, PERSON),))
    assert [verdict.reason for verdict in explain(holder, front_door(), NOON).paths] == [None]


def test_nothing_is_said_of_paths_to_a_door_that_is_not_there() -> None:
    assert explain(ada(grant()), None, NOON).paths == ()


def test_standing_paths_are_those_that_only_time_can_end() -> None:
    ended = grant(6, validity=Validity(None, NOON))
    holder = ada(grant(4), ended, revocations=(revocation(5),))
    assert [path.grant for path in standing_paths(holder, front_door())] == [ended]
