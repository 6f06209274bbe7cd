"""The rules by which a PATCH is read, numbered as in the contract (section 6.1)."""

from typing import Any

import pytest

from rekey.dialects.scim.errors import Malformed
from rekey.dialects.scim.group_schema import GROUP
from rekey.dialects.scim.patch_apply import apply_steps
from rekey.dialects.scim.patch_gather import gathered
from rekey.dialects.scim.patch_read import read_steps
from rekey.dialects.scim.user_schema import ENTERPRISE_URN, USER, USER_URN
from rekey.dialects.scim.values import read_resource, read_truth

ADA: dict[str, Any] = {
    "id": "a1",
    "userName": "ada@acme.test",
    "active": True,
    "title": "Countess",
    "name": {"givenName": "Ada", "familyName": "Byron"},
    "emails": [{"value": "ada@acme.test", "type": "work", "primary": True}],
}
TEAM: dict[str, Any] = {
    "id": "g1",
    "displayName": "Engines",
    "members": [{"value": "a"}, {"value": "b"}, {"value": "c"}],
}


def user(*operations: dict[str, Any], before: dict[str, Any] = ADA) -> dict[str, Any]:
    return apply_steps(USER, before, read_steps({"Operations": list(operations)}))


def group(*operations: dict[str, Any]) -> list[str]:
    after = apply_steps(GROUP, TEAM, read_steps({"Operations": list(operations)}))
    return [member["value"] for member in after.get("members", [])]


def refused(*operations: Any) -> str | None:
    with pytest.raises(Malformed) as caught:
        user(*operations)
    return None if caught.value.scim_type is None else caught.value.scim_type.value


@pytest.mark.parametrize("op", ["replace", "Replace", "REPLACE", "Add", "add"])
def test_rule_1_the_case_of_the_verb_means_nothing(op: str) -> None:
    assert user({"op": op, "path": "title", "value": "Dr"})["title"] == "Dr"


@pytest.mark.parametrize("value", ["False", "false", "FALSE", "0", 0, False])
def test_rule_2_a_truth_value_may_be_a_text(value: object) -> None:
    assert user({"op": "Replace", "path": "active", "value": value})["active"] is False


@pytest.mark.parametrize("value", ["banana", "", " ", "no", 2, 1.0, {}, [], [False, False], {"x": 1}, None])
def test_rule_2_anything_else_is_an_error_and_never_true(value: object) -> None:
    operation = {"op": "replace", "path": "active", "value": value}
    assert refused(operation) in {"invalidValue", "mutability"}


@pytest.mark.parametrize(
    "value", [[False], {"value": "False"}, [{"value": "False"}], {"active": "False"}, ["0"]]
)
def test_rule_3_a_truth_value_may_be_wrapped(value: object) -> None:
    assert read_truth(value) is False
    assert user({"op": "replace", "path": "active", "value": value})["active"] is False


def test_rule_4_without_a_path_each_member_is_one() -> None:
    after = user({"op": "replace", "value": {"active": False, "title": "Dr"}})
    assert (after["active"], after["title"]) == (False, "Dr")


def test_rule_5_members_may_be_dotted_or_bear_a_urn_or_be_an_extension() -> None:
    after = user(
        {
            "op": "add",
            "value": {
                "name.givenName": "Augusta",
                f"{ENTERPRISE_URN}:department": "Engines",
                ENTERPRISE_URN: {"costCenter": "7"},
                'emails[type eq "work"].value': "augusta@acme.test",
            },
        }
    )
    assert after["name"] == {"givenName": "Augusta", "familyName": "Byron"}
    assert after[ENTERPRISE_URN] == {"department": "Engines", "costCenter": "7"}
    assert after["emails"][0]["value"] == "augusta@acme.test"


def test_rule_6_a_path_may_bear_the_urn_of_the_core() -> None:
    assert user({"op": "replace", "path": f"{USER_URN}:active", "value": False})["active"] is False


@pytest.mark.parametrize("op", ["add", "replace"])
def test_rule_7_an_element_that_is_not_there_is_made_from_its_filter(op: str) -> None:
    after = user({"op": op, "path": 'emails[type eq "home"].value', "value": "ada@home.test"})
    assert after["emails"][1] == {"type": "home", "value": "ada@home.test"}


def test_rule_7_removing_what_is_not_there_is_no_change() -> None:
    assert user({"op": "remove", "path": 'emails[type eq "home"].value'}) == ADA
    assert user({"op": "remove", "path": 'emails[type eq "home"]'}) == ADA


def test_rule_7_a_filter_that_describes_no_element_has_no_target() -> None:
    assert refused({"op": "replace", "path": 'emails[value co "x"].type', "value": "home"}) == "noTarget"


def test_rule_8_a_member_is_removed_by_filter_and_by_list_and_only_that_one() -> None:
    assert group({"op": "remove", "path": 'members[value eq "b"]'}) == ["a", "c"]
    assert group({"op": "Remove", "path": "members", "value": [{"value": "b"}]}) == ["a", "c"]
    assert group({"op": "remove", "path": 'members[value eq "a" or value eq "c"]'}) == ["b"]


def test_rule_8_without_a_value_everybody_is_removed_and_with_an_empty_list_nobody() -> None:
    assert group({"op": "remove", "path": "members"}) == []
    assert group({"op": "remove", "path": "members", "value": []}) == ["a", "b", "c"]


def test_rule_4_a_remove_without_a_path_takes_each_key_of_its_object_as_one() -> None:
    assert group({"op": "remove", "value": {"members": [{"value": "b"}]}}) == ["a", "c"]
    assert group({"op": "Remove", "path": "", "value": [{"members": "b"}]}) == ["a", "c"]
    assert group({"op": "remove", "value": {"members": None}}) == []
    assert "title" not in user({"op": "remove", "value": {"title": "Countess"}})


def test_rule_9_members_come_in_many_forms() -> None:
    added = {"op": "add", "path": "members"}
    for value in (
        [{"value": "d", "$ref": None}],
        ["d"],
        "d",
        {"value": "d"},
        [{"value": "d", "display": "Dee", "type": "User"}],
    ):
        assert group({**added, "value": value}) == ["a", "b", "c", "d"]


def test_rule_10_who_is_there_is_not_added_and_who_is_not_is_not_removed() -> None:
    assert group({"op": "add", "path": "members", "value": [{"value": "a"}, {"value": "a"}]}) == [
        "a",
        "b",
        "c",
    ]
    assert group({"op": "remove", "path": 'members[value eq "z"]'}) == ["a", "b", "c"]


def test_rule_11_an_equal_id_comes_along_and_another_one_is_an_error() -> None:
    assert user({"op": "replace", "value": {"id": "a1", "title": "Dr"}})["title"] == "Dr"
    assert refused({"op": "replace", "value": {"id": "other", "title": "Dr"}}) == "mutability"
    assert refused({"op": "replace", "path": "id", "value": "other"}) == "mutability"


def test_rule_12_a_list_replaces_the_members() -> None:
    assert group({"op": "replace", "path": "members", "value": [{"value": "c"}, {"value": "d"}]}) == [
        "c",
        "d",
    ]


@pytest.mark.parametrize("value", ["b2", {"value": "b2"}, [{"value": "b2"}]])
def test_rule_13_a_manager_is_a_text_an_object_or_a_list_of_one(value: object) -> None:
    after = user({"op": "add", "path": f"{ENTERPRISE_URN}:manager", "value": value})
    assert after[ENTERPRISE_URN] == {"manager": {"value": "b2"}}


@pytest.mark.parametrize("value", ["", None])
def test_rule_14_a_blank_unassigns_but_never_a_name(value: object) -> None:
    assert "title" not in user({"op": "replace", "path": "title", "value": value})
    assert user({"op": "replace", "path": "name.givenName", "value": value})["name"] == {
        "familyName": "Byron"
    }
    assert refused({"op": "replace", "path": "userName", "value": value}) == "mutability"


def test_rule_15_the_last_word_on_a_switch_counts() -> None:
    off, on = ({"op": "replace", "path": "active", "value": value} for value in ("False", True))
    assert user(off, on, off)["active"] is False
    assert user(off, on)["active"] is True


def test_rule_16_thousands_of_members_in_one_body() -> None:
    many = [{"value": f"u{index}"} for index in range(5_000)]
    assert len(group({"op": "add", "path": "members", "value": many})) == 5_003


def test_a_switch_can_not_be_removed() -> None:
    assert refused({"op": "remove", "path": "active"}) == "mutability"


def test_all_or_nothing() -> None:
    assert refused({"op": "replace", "path": "title", "value": "Dr"}, {"op": "replace", "path": "shoe"}) == (
        "invalidPath"
    )
    assert ADA["title"] == "Countess"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({}, "invalidSyntax"),
        ([], "invalidSyntax"),
        ({"Operations": []}, "invalidSyntax"),
        ({"Operations": ["x"]}, "invalidSyntax"),
        ({"Operations": [{"op": "move", "path": "title"}]}, "invalidSyntax"),
        ({"Operations": [{"op": "remove"}]}, "noTarget"),
        ({"Operations": [{"op": "remove", "value": {}}]}, "noTarget"),
        ({"Operations": [{"op": "remove", "value": "members"}]}, "noTarget"),
        ({"Operations": [{"op": "add", "path": "emails["}]}, "invalidPath"),
        ({"Operations": [{"op": "add", "path": 7}]}, "invalidPath"),
        ({"Operations": [{"op": "add", "value": "x"}]}, "invalidValue"),
    ],
)
def test_a_body_that_can_not_be_read_says_why(body: object, why: str) -> None:
    with pytest.raises(Malformed) as caught:
        apply_steps(USER, ADA, read_steps(body))
    assert caught.value.scim_type == why


def test_what_lies_in_a_schema_that_nobody_knows_is_ignored() -> None:
    foreign = "urn:ietf:params:scim:schemas:extension:badges:2.0:User:number"
    assert user({"op": "replace", "path": foreign, "value": "7"}) == ADA
    assert user({"op": "replace", "value": {"shoeSize": 44, "groups": [], "meta": {}}}) == ADA
    assert refused({"op": "replace", "path": "groups", "value": []}) == "mutability"


def test_a_new_primary_value_takes_the_place_of_the_one_before() -> None:
    new = {"value": "new@acme.test", "type": "home", "primary": True}
    emails = user({"op": "add", "path": "emails", "value": [new]})["emails"]
    assert [one["primary"] for one in emails] == [False, True]


def test_two_primary_values_in_one_body_are_refused() -> None:
    emails = [{"value": "a@b.test", "primary": True}, {"value": "c@b.test", "primary": True}]
    with pytest.raises(Malformed):
        read_resource(USER, {"userName": "x", "emails": emails})


def test_nulls_and_empty_lists_unassign_and_names_are_found_whatever_their_case() -> None:
    body: dict[str, Any] = {
        "USERNAME": "x",
        "Title": None,
        "emails": [],
        "name": {"GIVENNAME": "X", "familyName": None},
    }
    assert read_resource(USER, body) == {"userName": "x", "name": {"givenName": "X"}}


def test_steps_on_members_that_stand_side_by_side_are_read_as_one_and_keep_their_order() -> None:
    def one(op: str, *ids: str) -> dict[str, Any]:
        return {"op": op, "path": "members", "value": [{"value": id_} for id_ in ids]}

    operations = (
        {"op": "remove", "path": 'members[value eq "a"]'},
        {"op": "Remove", "path": 'MEMBERS[value eq "b"]'},
        one("remove", "z"),
        one("add", "d"),
        one("add", "a", "e"),
        {"op": "remove", "path": 'members[value eq "d"]'},
    )
    assert len(gathered(GROUP, read_steps({"Operations": list(operations)}))) == 3
    after = apply_steps(GROUP, TEAM, read_steps({"Operations": list(operations)}))
    assert [member["value"] for member in after["members"]] == ["c", "a", "e"]


def test_a_remove_without_a_value_still_empties_between_others() -> None:
    operations = (
        {"op": "remove", "path": 'members[value eq "a"]'},
        {"op": "remove", "path": "members"},
        {"op": "add", "path": "members", "value": "d"},
    )
    after = apply_steps(GROUP, TEAM, read_steps({"Operations": list(operations)}))
    assert after["members"] == [{"value": "d"}]
