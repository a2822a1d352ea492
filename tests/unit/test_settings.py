"""The table of settings: where values come from, what is refused, and that the documentation says the same."""

from __future__ import annotations

import argparse
import re
import typing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.errors import InvalidSetting, SettingsError, UnknownSetting, UnsafeBinding
from bylaw_adapters import settings as table
from bylaw_adapters.cli import serve
from bylaw_adapters.settings import Settings, resolve

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "bylaw.yaml"
    file.write_text(text)
    return file


def test_without_anything_the_defaults_hold() -> None:
    assert resolve(flags={}, environment={"PATH": "/bin"}) == Settings()


@pytest.mark.parametrize(
    ("flags", "environment", "file", "wanted"),
    [
        pytest.param({}, {}, "max_body_bytes: 1\n", 1, id="the file over the default"),
        pytest.param({}, {"BYLAW_MAX_BODY_BYTES": "2"}, "max_body_bytes: 1\n", 2, id="the environment over the file"),
        pytest.param({"max_body_bytes": "3"}, {"BYLAW_MAX_BODY_BYTES": "2"}, "", 3, id="a flag over the environment"),
        pytest.param({"max_body_bytes": None}, {"BYLAW_MAX_BODY_BYTES": "2"}, "", 2, id="a flag that was not given"),
    ],
)
def test_the_nearest_source_wins(tmp_path: Path, flags: Any, environment: Any, file: str, wanted: int) -> None:
    settings = resolve(flags=flags, environment=environment, file=written(tmp_path, file))
    assert settings.max_body_bytes == wanted


def test_every_type_is_read_from_every_source(tmp_path: Path) -> None:
    text = """
addr: 127.0.0.1:9000
bundles: [a.tar.gz, b]
library: false
state_dir: /var/lib/bylaw
labels: {region: north}
audit: {durability: interval, interval_seconds: 1}
authentication: off
max_body_bytes: 1000
"""
    from_file = resolve(flags={}, environment={}, file=written(tmp_path, text))
    variables = {
        "BYLAW_ADDR": "127.0.0.1:9000",
        "BYLAW_BUNDLES": "a.tar.gz, b",
        "BYLAW_LIBRARY": "false",
        "BYLAW_STATE": "/var/lib/bylaw",
        "BYLAW_LABELS": "region=north",
        "BYLAW_AUDIT_DURABILITY": "interval",
        "BYLAW_AUDIT_INTERVAL_SECONDS": "1",
        "BYLAW_AUTHENTICATION": "off",
        "BYLAW_MAX_BODY_BYTES": "1000",
    }
    words = (
        "--addr 127.0.0.1:9000 --bundle a.tar.gz --bundle b --no-library --state /var/lib/bylaw --labels region=north"
    )
    words += " --audit-durability interval --audit-interval-seconds 1 --authentication off --max-body-bytes 1000"
    parser = argparse.ArgumentParser()
    serve.configure(parser)
    from_flags = serve.settings_from(parser.parse_args(words.split()), {})
    wanted = Settings(
        addr="127.0.0.1:9000",
        bundles=("a.tar.gz", "b"),
        library=False,
        state_dir=Path("/var/lib/bylaw"),
        labels={"region": "north"},
        audit_durability="interval",
        audit_interval_seconds=1.0,
        max_body_bytes=1000,
    )
    assert [from_file, resolve(flags={}, environment=variables), from_flags] == [wanted] * 3


@pytest.mark.parametrize(
    ("environment", "file", "message"),
    [
        pytest.param({"BYLAW_MAX_BODY_BYTE": "1"}, "", "BYLAW_MAX_BODY_BYTES", id="a variable"),
        pytest.param({}, "max_body_byte: 1", "max_body_bytes", id="a key"),
        pytest.param({}, "audit: {durabilty: interval}", "audit_durability", id="a nested key"),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest(
    tmp_path: Path, environment: Any, file: str, message: str
) -> None:
    with pytest.raises(UnknownSetting, match=f"the nearest is {message}$"):
        resolve(flags={}, environment=environment, file=written(tmp_path, file))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("max_body_bytes: many", id="no number"),
        pytest.param("max_body_bytes: true", id="a truth for a number"),
        pytest.param("max_body_bytes: 0", id="less than makes sense"),
        pytest.param("evaluation_timeout_seconds: .nan", id="not a number"),
        pytest.param("evaluation_timeout_seconds: -1", id="a time that has passed"),
        pytest.param("library: perhaps", id="no truth"),
        pytest.param("evaluator: wasm", id="no choice"),
        pytest.param("bundles: {a: b}", id="no list"),
        pytest.param("bundles: [1]", id="a list of numbers"),
        pytest.param("labels: [a]", id="no mapping"),
        pytest.param("addr: 8181", id="no text"),
        pytest.param("addr: nowhere", id="no port"),
        pytest.param("addr: 127.0.0.1:99999", id="no such port"),
        pytest.param("addr: ::1:8181", id="IPv6 without brackets"),
        pytest.param("diagnostic_addr: nowhere", id="no second port"),
        pytest.param("state_dir: ''", id="an empty path"),
        pytest.param("[a]", id="a file that is a list"),
        pytest.param("a: [", id="a file that is no YAML"),
        pytest.param("audit: {durability: interval}\naudit_durability: interval", id="said twice"),
        pytest.param("tls_cert_file: a", id="a certificate without a key"),
        pytest.param("tls_ca_cert_file: a", id="authorities without TLS"),
        pytest.param("authentication: tls", id="client certificates of nobody"),
        pytest.param("authentication: token", id="tokens that nobody checks"),
        pytest.param("tokens_file: a", id="tokens that nobody asks for"),
        pytest.param("authentication: token\njwks_file: a", id="JWTs of any issuer"),
    ],
)
def test_a_value_that_cannot_be_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidSetting):
        resolve(flags={}, environment={}, file=written(tmp_path, text))


@pytest.mark.parametrize("host", ["0.0.0.0", "", "[::]", "10.0.0.1", "example.org", "128.0.0.1"])
def test_listening_beyond_this_machine_without_asking_anybody_is_refused(host: str) -> None:
    with pytest.raises(UnsafeBinding):
        resolve(flags={"addr": f"{host}:8181"}, environment={})
    insisted = resolve(flags={"addr": f"{host}:8181", "unsafe_no_authentication": True}, environment={})
    authorised = resolve(flags={"addr": f"{host}:8181", "authorization": "basic"}, environment={})
    assert insisted.addr == authorised.addr == f"{host}:8181"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "[::1]", "localhost"])
def test_listening_on_this_machine_needs_nothing(host: str) -> None:
    assert resolve(flags={"addr": f"{host}:0"}, environment={}).addr == f"{host}:0"


@given(st.dictionaries(st.text(), st.text(), max_size=3))
def test_any_environment_is_read_or_refused(environment: dict[str, str]) -> None:
    variables = {f"BYLAW_{name}": value for name, value in environment.items()}
    outcome: object
    try:
        outcome = resolve(flags={}, environment=variables)
    except SettingsError as error:
        outcome = error
    assert isinstance(outcome, Settings | SettingsError)


def test_the_document_lists_every_setting_as_the_table_has_it() -> None:
    row = re.compile(r"^\| `(\w+)` \| [^|]+(?:\\\|[^|]+)* \| (\S+) \| `([\w-]+)` \| `(\w+)` \| (.+) \|$", re.MULTILINE)
    listed = [match.groups() for match in row.finditer(DOCUMENT.read_text())]
    assert listed == [
        (field.name, shown_default(field), shown_flag(field), table.variable_of(field), field.metadata["sentence"])
        for field in table.rows()
    ]


def shown_default(field: Any) -> str:
    default = table.default_of(field)
    if isinstance(default, bool):
        return str(default).lower()
    if default in (None, "", (), {}):
        return "none"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def shown_flag(field: Any) -> str:
    flag = table.flag_of(field)
    turns_off = table.types_of_rows()[field.name] is bool and table.default_of(field)
    return f"--no-{flag[2:]}" if turns_off else flag


def test_every_sentence_is_one_and_every_number_names_its_unit() -> None:
    for field in table.rows():
        assert field.metadata["sentence"].endswith("."), field.name
        if table.types_of_rows()[field.name] in (int, float):
            assert re.search(r"_(bytes|seconds|requests|connections|items)$", field.name), field.name


def test_every_setting_has_a_flag_of_its_own() -> None:
    flags = [table.flag_of(field) for field in table.rows()]
    variables = [table.variable_of(field) for field in table.rows()]
    assert len(set(flags)) == len(set(variables)) == len(flags)
    assert typing.get_type_hints(Settings).keys() == {field.name for field in table.rows()}
