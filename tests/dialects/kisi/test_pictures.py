"""Uploaded pictures: taken by their content, shown by an address that nobody guesses, gone with whom they show."""

from urllib.parse import urlsplit

import pytest

from rekey.domain.picture import MOST_BYTES, picture_type
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_user, kisi_test, sign_in_for
from tests.support.asgi import Response

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 64


async def uploaded(api: Api, content: bytes = PNG) -> str:
    """Upload a picture, and give the name under which it is known."""
    wanted = {"signed_upload_url": {"file_name": "me.png", "file_type": "image"}}
    signed = await api.done("POST", "/signed_upload_urls", wanted)
    path = urlsplit(signed["signed_upload_url"]).path
    answer = await api.world.client().send("POST", path, {"content-type": "image/png"}, content)
    assert answer.status == 204, answer.body
    name: str = signed["file_name"]
    return name


async def fetched(api: Api, address: str) -> Response:
    return await api.world.client().send("GET", urlsplit(address).path)


@kisi_test
async def test_an_uploaded_picture_is_shown_of_a_user(api: Api) -> None:
    user = await add_user(api, "ada")
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"image": await uploaded(api)}})
    image = (await api.done("GET", f"/users/{user['id']}"))["image"]
    picture = await fetched(api, image)
    assert (picture.status, picture.body, picture.header("content-type")) == (200, PNG, "image/png")
    assert picture.header("x-content-type-options") == "nosniff"
    assert "sandbox" in (picture.header("content-security-policy") or "")


@kisi_test
async def test_a_picture_is_named_in_every_place_that_shows_one(api: Api) -> None:
    user = {"name": "Bo", "email": "bo@acme.test", "image": await uploaded(api)}
    made = await api.done("POST", "/users", {"user": user})
    assert (await fetched(api, made["image"])).status == 200
    place = (await api.done("GET", "/places"))[0]
    await api.done("PATCH", f"/places/{place['id']}", {"place": {"image": await uploaded(api, JPEG)}})
    shown = (await api.done("GET", f"/places/{place['id']}"))["image"]
    assert (await fetched(api, shown)).header("content-type") == "image/jpeg"
    await api.done("PATCH", "/organization", {"organization": {"logo": await uploaded(api)}})
    assert (await fetched(api, (await api.done("GET", "/organization"))["logo"])).status == 200


@kisi_test
async def test_everybody_may_show_a_picture_of_himself(api: Api) -> None:
    ada = await sign_in_for(api, await add_user(api, "ada"))
    await ada.done("PATCH", "/user", {"user": {"image": await uploaded(ada)}})
    assert (await fetched(api, (await ada.done("GET", "/user"))["image"])).body == PNG


@kisi_test
async def test_the_picture_goes_with_the_user_and_with_a_newer_one(api: Api) -> None:
    user = await add_user(api, "ada")
    path = f"/users/{user['id']}"
    await api.done("PATCH", path, {"user": {"image": await uploaded(api)}})
    first = (await api.done("GET", path))["image"]
    await api.done("PATCH", path, {"user": {"image": await uploaded(api, JPEG)}})
    second = (await api.done("GET", path))["image"]
    assert [(await fetched(api, one)).status for one in (first, second)] == [404, 200]
    await api.done("DELETE", path)
    assert (await fetched(api, second)).status == 404


@kisi_test
async def test_a_picture_that_was_taken_away_is_shown_no_more_but_one_that_is_sent_back_stays(
    api: Api,
) -> None:
    user = await add_user(api, "ada")
    path = f"/users/{user['id']}"
    await api.done("PATCH", path, {"user": {"image": await uploaded(api)}})
    image = (await api.done("GET", path))["image"]
    await api.done("PATCH", path, {"user": {"image": image}})
    assert (await fetched(api, image)).status == 200
    await api.done("PATCH", path, {"user": {"image": None}})
    assert ((await api.done("GET", path))["image"], (await fetched(api, image)).status) == (None, 404)


@kisi_test
async def test_a_picture_that_a_user_chose_leaves_the_one_that_others_gave(api: Api) -> None:
    user = await add_user(api, "ada")
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"image": await uploaded(api)}})
    ada = await sign_in_for(api, user)
    await ada.done("PATCH", "/user", {"user": {"image": await uploaded(ada, JPEG)}})
    given, chosen = await api.done("GET", f"/users/{user['id']}"), await ada.done("GET", "/user")
    assert [(await fetched(api, one["image"])).body for one in (given, chosen)] == [PNG, JPEG]


@kisi_test
async def test_what_is_no_picture_is_refused_and_changes_nothing(api: Api) -> None:
    user = await add_user(api, "ada")
    path = f"/users/{user['id']}"
    script = await uploaded(api, b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>")
    for wrong in script, "javascript:alert(1)", "data:text/html,x", f"{'0' * 36}-gone.png":
        answer = await api.call("PATCH", path, {"user": {"name": "Eve", "image": wrong}})
        assert (answer.status, list(answer.json()["errors"])) == (422, ["image"])
    kept = await api.done("GET", path)
    assert (kept["name"], kept["image"]) == ("ada", None)


@kisi_test
async def test_a_picture_that_is_too_large_is_not_taken(api: Api) -> None:
    wanted = {"signed_upload_url": {"file_name": "me.png", "file_type": "image"}}
    signed = await api.done("POST", "/signed_upload_urls", wanted)
    path = urlsplit(signed["signed_upload_url"]).path
    content = PNG + b"\x00" * MOST_BYTES
    assert (await api.world.client().send("POST", path, {}, content)).status == 400


@kisi_test
async def test_an_address_that_nobody_was_given_shows_nothing(api: Api) -> None:
    for key in "acme.0000", "nowhere.0000", "0000":
        assert (await fetched(api, f"/kisi/pictures/{key}")).status == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_a_picture_is_told_by_its_content(content: bytes, kind: str | None) -> None:
    assert picture_type(content) == kind
