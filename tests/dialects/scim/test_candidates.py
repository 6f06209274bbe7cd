"""That the store leaves out nobody whom a filter means."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from rekey.dialects.scim.attribute_path import find
from rekey.dialects.scim.candidates import candidates
from rekey.dialects.scim.filter_match import bind
from rekey.dialects.scim.filter_reach import Active, Every, InTeam, Mentions, Reach, reach
from rekey.dialects.scim.filter_syntax import FilterRefused, parse_filter
from rekey.dialects.scim.translate import show_user
from rekey.dialects.scim.user_schema import USER
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.provisioned import provisioned_people
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from tests.dialects.in_world import Api
from tests.dialects.scim.api import ENTERPRISE, add_group, add_user, patch, scim_test

# \u212a folds to k, \u00df to ss and \u017f to s, so plain texts find them.
NAMES = ("Ada Lovelace", "Grace_100%", "Mei\u00dfner", "\u212aelvin", 'Quo"te \\ slash/', "\u00dcnal", "adA")
WORDS = ("ada", "ADA", "ss", "k", "s", "_", "100%", 'o"t', "slash/", "\u00fcnal", "acme", "e", "nobody")
TEXTS = (
    "userName",
    "displayName",
    "emails",
    "emails.value",
    "name.familyName",
    "title",
    f"{ENTERPRISE}:department",
)
PLAIN = [
    f'{path} {operator} "{word}"'
    for path, operator, word in product(
        TEXTS, ("eq", "co", "sw", "ew", "ne"), (w for w in WORDS if '"' not in w)
    )
]
OTHERS = (
    'displayName co "o\\"t"',
    'emails[type eq "work" and value co "ada"]',
    'emails[type eq "work" or value co "grace"].value sw "g"',
    'emails[not (value co "ada")]',
    "emails[primary eq true]",
    "active eq true",
    'active eq "False"',
    "active ne true",
    "not (active eq false)",
    'active eq false and displayName co "a"',
    'active eq false or title eq "Chief"',
    'displayName co "ada" or displayName co "k"',
    'displayName co "ada" or title pr',
    'displayName co "a" and not (emails co "grace")',
    "displayName pr",
    "title pr",
    'meta.resourceType eq "User"',
    'schemas eq "urn:ietf:params:scim:schemas:core:2.0:User"',
    'groups.display co "ni"',
)


@scim_test
async def test_every_filter_finds_the_same_with_the_store_as_without(api: Api) -> None:
    people = [
        await add_user(
            api,
            f"u{place}",
            displayName=name,
            title="Chief" if place % 2 else "",
            name={"familyName": name[::-1]},
            emails=[{"value": f"{'ada' if place % 3 else 'GRACE'}{place}@acme.test", "type": "work"}],
            **{ENTERPRISE: {"department": name}},
        )
        for place, name in enumerate(NAMES)
    ]
    for name in NAMES:
        await api.world.perform(add_person, AddPerson(name=name))
    await api.world.perform(add_person, AddPerson(name="No user", email="ada.native@acme.test"))
    await patch(api, people[0], {"op": "replace", "path": "active", "value": False})
    team = await add_group(api, "Night", people[1], people[2])
    later = datetime.now(UTC) - timedelta(days=1)
    stored = [f'groups eq "{team["id"].upper()}"', f'groups[value eq "{team["id"]}"]', 'groups eq "nothing"']
    timed = [f'meta.lastModified {one} "{later.isoformat()}"' for one in ("gt", "ge", "lt", "le")]
    timed.append('meta.lastModified gt "2999-01-01T00:00:00Z"')
    for text in (*PLAIN, *OTHERS, *stored, *timed):
        assert await _found(api, text, narrowed=True) == await _found(api, text, narrowed=False), text


async def _found(api: Api, text: str, *, narrowed: bool) -> list[str]:
    wanted = parse_filter(text)
    fits = bind(USER, wanted)
    now = api.world.core.clock.now()

    async def look(view: View) -> list[str]:
        people = await candidates(view, wanted, now) if narrowed else (await view.people.list(WHOLE)).items
        return [
            one.person.id for one in await provisioned_people(view, people, now) if fits(show_user(one, ""))
        ]

    return await api.world.core.store.read(api.world.organization_id, look)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ('displayName co "Ada"', Mentions("Ada")),
        ('emails[type eq "work"].value eq "a@b.test"', Every((Mentions("a@b.test"),))),
        ("active eq false", Active(False)),
        ('groups[value eq "T"] and userName sw "a"', Every((Mentions("a"),))),
        ('groups eq "T"', InTeam("t")),
        ('displayName co "\u00fc"', None),
        ('displayName ne "a"', None),
        ('not (displayName eq "a")', None),
        ('displayName eq "a" or title pr', None),
        ('meta.version eq "a"', None),
    ],
)
def test_what_can_be_said_of_every_match(text: str, needed: Reach | None) -> None:
    assert reach(USER, parse_filter(text)) == needed


def test_no_attribute_that_the_server_makes_up_is_sought_among_written_texts() -> None:
    for name in ("meta.location", "meta.version", "schemas", "groups.display", "id"):
        assert find(USER, name) is not None, name
        try:
            found = reach(USER, parse_filter(f'{name} co "a"'))
        except FilterRefused:
            continue
        assert found is None, name
