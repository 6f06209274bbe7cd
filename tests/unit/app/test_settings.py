"""Where settings come from, and what is refused."""

from pathlib import Path

import pytest

from rekey.app.errors import SettingRefused
from rekey.app.settings import PREFIX, Settings, load_settings, setting_names
from rekey.app.vhosts import VirtualHost, parse_vhost

DOCUMENT = Path(__file__).parents[3] / "docs" / "configuration.md"


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings({"data": tmp_path}, {}) == Settings(data=tmp_path)


def test_a_flag_beats_a_variable_and_a_variable_beats_the_file(tmp_path: Path) -> None:
    (tmp_path / "rekey.toml").write_text('port = 1\nhost = "file.test"\nlog_level = "error"\n')
    environment = {"REKEY_PORT": "2", "REKEY_HOST": "variable.test"}
    found = load_settings({"data": tmp_path, "port": 3}, environment)
    assert (found.port, found.host, found.log_level) == (3, "variable.test", "error")


def test_a_flag_that_was_not_given_changes_nothing(tmp_path: Path) -> None:
    assert load_settings({"data": tmp_path, "port": None}, {}).port == Settings().port


def test_the_file_of_another_place_is_named_by_flag_or_variable(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text("port = 7\n")
    assert load_settings({"data": tmp_path, "config": file}, {}).port == 7
    assert load_settings({"data": tmp_path}, {"REKEY_CONFIG": str(file)}).port == 7


def test_a_named_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="could not be read"):
        load_settings({"data": tmp_path, "config": tmp_path / "none.toml"}, {})


def test_a_setting_that_does_not_exist_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "rekey.toml").write_text("prot = 1\n")
    with pytest.raises(SettingRefused, match="prot"):
        load_settings({"data": tmp_path}, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "65536"),
        ("port", "http"),
        ("doors", "perhaps"),
        ("loop", "twisted"),
        ("registration", "ajar"),
        ("lease_minutes", "0"),
        ("public_url", "rekey.test"),
        ("public_url", "ftp://rekey.test"),
        ("vhosts", "kisi"),
        ("vhosts", "doordeck@=host.test"),
        ("log_level", "loud"),
    ],
)
def test_a_value_without_meaning_is_refused_by_the_name_of_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingRefused) as refused:
        load_settings({}, {PREFIX + name.upper(): value})
    assert refused.value.name == name


def test_lists_and_switches_are_read_from_variables() -> None:
    environment = {
        "REKEY_VHOSTS": "kisi=api.kisi.test,doordeck@acme=HOST.test",
        "REKEY_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.1/32",
        "REKEY_DOORS": "no",
    }
    found = load_settings({}, environment)
    assert found.vhosts == (
        VirtualHost(dialect="kisi", host="api.kisi.test"),
        VirtualHost(dialect="doordeck", host="host.test", organization="acme"),
    )
    assert found.trusted_proxies == ("10.0.0.0/8", "192.0.2.1/32")
    assert found.doors is False


def test_the_embedded_store_lies_in_the_data_directory_unless_a_database_is_named(tmp_path: Path) -> None:
    assert Settings(data=tmp_path).store == tmp_path / "rekey.db"
    assert Settings(database="postgresql://host/db").store == "postgresql://host/db"


def test_a_virtual_host_may_name_the_organization_of_calls_without_credentials() -> None:
    assert parse_vhost("seam=connect.test:8443").organization is None
    assert parse_vhost("doordeck@acme=door.test").organization == "acme"


@pytest.mark.parametrize("name", setting_names())
def test_every_setting_is_explained_in_the_documentation(name: str) -> None:
    text = DOCUMENT.read_text()
    assert f"`{name}`" in text
    assert f"`{PREFIX}{name.upper()}`" in text
