"""Filters: what the grammar takes, what it refuses, and which resources fit. Source: contract section 5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.dialects.scim.attribute_path import find
from rekey.dialects.scim.filter_match import bind, equalities, mentioned
from rekey.dialects.scim.filter_syntax import (
    All,
    Compare,
    FilterRefused,
    Literal,
    Not,
    Present,
    Some,
    TargetPath,
    Within,
    parse_filter,
    parse_target,
)
from rekey.dialects.scim.user_schema import ENTERPRISE_URN, USER, USER_URN
from tests.dialects.in_world import Api
from tests.dialects.scim.api import add_user, scim_test
from tests.dialects.scim.api import find as found

ADA = {
    "id": "a1",
    "userName": "Ada.L@acme.test",
    "externalId": "X-1",
    "active": True,
    "name": {"familyName": "Lovelace"},
    "emails": [
        {"value": "ada@acme.test", "type": "work", "primary": True},
        {"value": "ada@home.test", "type": "home"},
    ],
    ENTERPRISE_URN: {"department": "Engines", "manager": {"value": "b2"}},
    "meta": {"created": "2026-03-01T10:00:00Z"},
}
TRUE = (
    'userName eq "ada.l@ACME.test"',
    'USERNAME EQ "ada.l@acme.test"',
    f'{USER_URN}:userName eq "ada.l@acme.test"',
    'externalId eq "X-1"',
    "externalId eq X-1",
    "userName eq ada.l@acme.test",
    "active eq true",
    'active eq "True"',
    "not (active eq false)",
    'userName sw "ada" and userName ew "TEST" and userName co ".l@"',
    'emails[type eq "work"].value eq "ADA@acme.test"',
    'emails[type eq "home" and value co "home"]',
    'emails.value eq "ada@home.test"',
    'emails eq "ada@home.test"',
    'emails[type eq "other"].value eq "x" or active eq true',
    f'{ENTERPRISE_URN}:department eq "engines"',
    'id eq "a1" and manager eq "b2"',
    f"{ENTERPRISE_URN}:manager pr and name pr",
    'meta.created gt "2026-02-28T23:59:59Z"',
    'meta.created le "2026-03-01T11:00:00+01:00"',
    "title eq null",
    'userName ne "somebody else"',
    'title ne "Countess"',
    '(userName eq "x" or active eq true) and name.familyName eq "lovelace"',
)
FALSE = (
    'userName eq "ada"',
    'externalId eq "x-1"',
    'id eq "A1"',
    "active eq false",
    'emails[type eq "home"].value eq "ada@acme.test"',
    'emails[type eq "home" and primary eq true]',
    "title pr",
    'title eq "x"',
    "userName eq null",
    'active eq true and title eq "x"',
    'not (userName sw "ada")',
)
REFUSED = (
    "",
    " ",
    "userName",
    "userName eq",
    'userName is "x"',
    'userName eq "x" and',
    'userName eq "x" userName eq "y"',
    '(userName eq "x"',
    'userName eq "x")',
    'userName eq "x',
    'userName eq "\\q"',
    'shoeSize eq "44"',
    'name eq "x"',
    "active gt true",
    'active eq "maybe"',
    'active co "t"',
    'meta.created gt "yesterday"',
    "userName gt null",
    'userName[type eq "x"]',
    'emails[emails[type eq "x"]]',
    'emails[shoe eq "x"]',
    "emails[",
    "not userName",
    "(" * 100 + "active eq true" + ")" * 100,
    "userName eq " + "x" * 5_000,
)


@pytest.mark.parametrize("text", TRUE)
def test_this_filter_finds_her(text: str) -> None:
    assert bind(USER, parse_filter(text))(ADA)


@pytest.mark.parametrize("text", FALSE)
def test_this_filter_does_not_find_her(text: str) -> None:
    assert not bind(USER, parse_filter(text))(ADA)


@pytest.mark.parametrize("text", REFUSED)
def test_this_is_no_filter_and_finds_nobody(text: str) -> None:
    with pytest.raises(FilterRefused):
        bind(USER, parse_filter(text))


def test_and_binds_closer_than_or_and_not_closest() -> None:
    a, b, c = (Present(name) for name in "abc")
    assert parse_filter("a pr or b pr and c pr") == Some((a, All((b, c))))
    assert parse_filter("not (a pr) and b pr") == All((Not(a), b))


def test_the_path_of_a_change_has_an_attribute_a_filter_and_a_part() -> None:
    work = Compare("type", "eq", Literal("work", "work"))
    assert parse_target('emails[type eq "work"].value') == TargetPath(
        path="emails", chosen=work, part="value"
    )
    assert parse_target("name.givenName") == TargetPath(path="name.givenName")
    for broken in (
        "",
        "emails[",
        "emails[type eq]",
        'emails[type eq "x"].',
        "a b",
        'emails[type eq "x"]x.y z',
    ):
        with pytest.raises(FilterRefused):
            parse_target(broken)


def test_an_index_is_asked_only_for_what_every_match_must_have() -> None:
    assert equalities(parse_filter('id eq "1" and manager eq "2"')) == {"id": "1", "manager": "2"}
    assert equalities(parse_filter('userName eq "a" or userName eq "b"')) == {}
    assert equalities(parse_filter('not (userName eq "a")')) == {}
    assert equalities(parse_filter('emails[type eq "work"].value eq "x"')) == {}
    assert mentioned(parse_filter(f"{USER_URN}:active eq true or emails[type pr]")) == {"active", "emails"}


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
_NAMES = st.sampled_from(["userName", "displayName", "title", "name.familyName"])


@given(_NAMES, st.sampled_from(["eq", "co", "sw", "ew"]), _TEXTS)
def test_any_text_can_be_asked_for_in_quotes(name: str, operator: str, text: str) -> None:
    written = text.replace("\\", "\\\\").replace('"', '\\"')
    assert parse_filter(f'{name} {operator} "{written}"') == Compare(name, operator, Literal(text, text))


@given(_TEXTS, _TEXTS)
def test_equal_means_equal_whatever_the_case(known: str, asked: str) -> None:
    written = asked.replace("\\", "\\\\").replace('"', '\\"')
    resource = {"title": known} if known else {}
    matches = bind(USER, parse_filter(f'title eq "{written}"'))(resource)
    assert matches == (bool(known) and known.casefold() == asked.casefold())


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        wanted = parse_filter(text)
    except FilterRefused:
        return
    assert isinstance(wanted, Compare | Present | Not | All | Some | Within)


@given(
    st.recursive(
        st.just("active pr"), lambda inner: st.builds("({} and not ({}))".format, inner, inner), max_leaves=8
    )
)
def test_brackets_nest(text: str) -> None:
    assert bind(USER, parse_filter(text))(ADA) in {True, False}


def test_a_name_of_an_extension_is_found_bare_and_with_its_urn() -> None:
    bare, whole = find(USER, "department"), find(USER, f"{ENTERPRISE_URN}:DEPARTMENT")
    assert bare is not None
    assert bare == whole
    assert find(USER, "urn:other:2.0:User:department") is None


@scim_test
async def test_filters_seen_in_the_field_find_their_user_and_nobody_else(api: Api) -> None:
    ada = await add_user(api, "ada", externalId="e-7", emails=[{"value": "ada@acme.test", "type": "work"}])
    await add_user(api, "bob", externalId="e-8")
    for wanted in (
        'userName eq "ADA@acme.test"',
        'externalId eq "e-7"',
        "externalId eq e-7",
        'emails[type eq "work"].value eq "ada@acme.test"',
        f'id eq "{ada["id"]}"',
        'userName sw "ada" and active eq true',
    ):
        assert [one["id"] for one in await found(api, "Users", wanted)] == [ada["id"]], wanted


@scim_test
async def test_a_plus_and_a_percent_code_both_mean_a_space(api: Api) -> None:
    await add_user(api, "ada")
    for query in (
        "filter=userName+eq+%22ada%40acme.test%22",
        "filter=userName%20eq%20%22ada%40acme.test%22",
    ):
        assert (await api.done("GET", f"/Users?{query}"))["totalResults"] == 1


@scim_test
async def test_a_bad_filter_is_400_and_never_everybody(api: Api) -> None:
    await add_user(api, "ada")
    for query in ("filter=userName", "filter=", "filter=shoeSize%20eq%201", "filter=(active%20eq%20true"):
        answer = await api.call("GET", f"/Users?{query}")
        assert (answer.status, answer.json()["scimType"]) == (400, "invalidFilter"), query
