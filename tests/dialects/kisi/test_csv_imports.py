"""Files of users and cards: signed addresses, imports in the background. Source: contract section 7.4."""

from typing import Any
from urllib.parse import urlsplit

from rekey.domain.document import DocumentKind
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, assign, kisi_test, sign_in_for
from tests.dialects.kisi.test_cards import tap
from tests.support.asgi import Response

CARDS = b"type,uid,label,email\nthird_party_hf,04:a1:b2:c3,White,ada@acme.test\nthird_party_hf,0badcafe,,\n"


async def signed(api: Api, kind: str, name: str = "cards.csv") -> Any:
    wanted = {"file_name": name, "file_type": kind}
    return await api.done("POST", "/signed_upload_urls", {"signed_upload_url": wanted})


async def send(api: Api, url: str, content: bytes, media: str = "text/csv") -> Response:
    stranger = Api(api.world, api.world.client(""))
    return await stranger.call("POST", urlsplit(url).path, content, content_type=media)


async def import_file(api: Api, kind: str, content: bytes) -> Any:
    """Upload and import a file, and give the import as it ended."""
    address = await signed(api, kind)
    assert (await send(api, address["signed_upload_url"], content)).status == 204
    begun = await api.done("POST", f"/{kind}s", {"file_name": address["file_name"]})
    assert begun["status"] == "in_progress"
    listed = await api.world.core.store.read(
        api.world.organization_id, lambda view: view.documents.by_number(DocumentKind.IMPORT, begun["id"])
    )
    assert listed is not None
    await api.world.services.imports.finish(listed.id)
    return await api.done("GET", f"/{kind}s/{begun['id']}")


@kisi_test
async def test_a_file_of_cards_is_enrolled_and_the_cards_of_named_users_open(api: Api) -> None:
    lock, ada = await add_lock(api, "front"), await add_user(api, "ada")
    await assign(api, ada, await add_group(api, "staff", lock))
    ended = await import_file(api, "csv_card_import", CARDS)
    assert (ended["status"], ended["import_errors"], ended["name"]) == ("finished", {}, "cards.csv")
    held, free = await api.done("GET", "/cards")
    assert (held["user_id"], held["activated"], free["assigned"]) == (ada["id"], True, False)
    assert (await tap(api, lock))["allowed"] is True


@kisi_test
async def test_a_file_with_a_wrong_line_imports_nothing_and_names_the_line(api: Api) -> None:
    content = CARDS + b"third_party_hf,xyz,,\ngolden,04a1b2c4,,\n"
    await add_user(api, "ada")
    ended = await import_file(api, "csv_card_import", content)
    assert (ended["status"], set(ended["import_errors"])) == ("failed", {"4", "5"})
    assert await api.done("GET", "/cards") == []


@kisi_test
async def test_enrolled_cards_and_unknown_holders_fail_the_file(api: Api) -> None:
    await api.done("POST", "/cards", {"card": {"type": "third_party_hf", "uid": "0badcafe"}})
    ended = await import_file(api, "csv_card_import", CARDS)
    assert (ended["status"], set(ended["import_errors"])) == ("failed", {"2", "3"})


@kisi_test
async def test_a_file_of_users_makes_users(api: Api) -> None:
    ended = await import_file(api, "csv_user_import", b"name,email\nAda,ada@acme.test\n")
    assert ended["status"] == "finished"
    assert [user["name"] for user in await api.done("GET", "/users?query=ada@acme.test")] == ["Ada"]
    assert (await api.call("GET", f"/csv_card_imports/{ended['id']}")).status == 404


@kisi_test
async def test_an_import_tells_one_event(api: Api) -> None:
    await add_user(api, "ada")
    await import_file(api, "csv_card_import", CARDS)
    found = await api.done("POST", "/event_sets", {"event_set": {"event_type": "csv_card_import.create"}})
    (event,) = (await api.done("GET", f"/event_sets/{found['id']}"))["events"]
    assert event["object_type"] == "CsvCardImport"


@kisi_test
async def test_a_forged_or_old_address_takes_nothing(api: Api) -> None:
    url = (await signed(api, "csv_card_import"))["signed_upload_url"]
    for forged in (url[:-4] + "AAAA", url.rsplit("/", 1)[0] + "/x"):
        assert (await send(api, forged, b"x")).status in {401, 404}, forged
    assert (await send(api, url, b"")).status == 400


@kisi_test
async def test_a_file_may_come_as_a_form(api: Api) -> None:
    await add_user(api, "ada")
    address = await signed(api, "csv_card_import")
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="c.csv"\r\n\r\n'
        + CARDS
        + b"\r\n--b--\r\n"
    )
    media = "multipart/form-data; boundary=b"
    assert (await send(api, address["signed_upload_url"], form, media)).status == 204
    await api.done("POST", "/csv_card_imports", {"csv_card_import": {"file_name": address["file_name"]}})


@kisi_test
async def test_a_file_name_never_leads_out_of_the_folder(api: Api) -> None:
    for name in ("../../etc/passwd", "nothing.csv", "x" * 36 + "-a.csv"):
        answer = await api.call("POST", "/csv_card_imports", {"file_name": name})
        assert (answer.status, set(answer.json()["errors"])) == (422, {"file_name"}), name
    address = await signed(api, "csv_card_import", "../../evil name.csv")
    assert "/" not in address["file_name"]


@kisi_test
async def test_users_without_the_permission_upload_and_import_nothing(api: Api) -> None:
    mine = await sign_in_for(api, await add_user(api, "ada"))
    wanted = {"signed_upload_url": {"file_name": "c.csv", "file_type": "csv_card_import"}}
    assert (await mine.call("POST", "/signed_upload_urls", wanted)).status == 403
    assert (await mine.call("POST", "/csv_card_imports", {"file_name": "c.csv"})).status == 403


@kisi_test
async def test_other_files_are_refused(api: Api) -> None:
    wanted = {"signed_upload_url": {"file_name": "me.mp4", "file_type": "video"}}
    assert (await api.call("POST", "/signed_upload_urls", wanted)).status == 422
