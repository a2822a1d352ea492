"""A name is read as a person reads it."""

from __future__ import annotations

import pytest

from bylaw.facts.gathered import Facts
from bylaw.facts.look_alikes import mixes_scripts, reading
from bylaw.facts.recognise import gather


@pytest.mark.parametrize(
    ("name", "reads", "mixes"),
    [
        pytest.param("\u0435mail", "email", True, id="a Cyrillic letter"),
        pytest.param("\u03bfrder_id", "order_id", True, id="a Greek letter"),
        pytest.param("\uff45\uff4d\uff41\uff49\uff4c", "email", False, id="full width"),
        pytest.param("em\u200bail", "email", True, id="a space of no width"),
        pytest.param("\u0441\u0441\u043d", "cc\u043d", False, id="a Cyrillic word"),
        pytest.param(
            "\u0442\u0435\u043c\u043f\u0435\u0440\u0430\u0442\u0443\u0440\u0430_C",
            "\u0442e\u043c\u043fepa\u0442yp\u0430".replace("\u0430", "a") + "_C",
            False,
            id="a Cyrillic word beside a Latin one",
        ),
        pytest.param("\u0394t", "\u0394t", False, id="a letter that looks like no Latin one"),
        pytest.param("stra\u00dfe", "stra\u00dfe", False, id="a Latin letter"),
        pytest.param("email", "email", False, id="plain"),
    ],
)
def test_read(name: str, reads: str, mixes: bool) -> None:
    assert reading(name) == reads
    assert mixes_scripts(name) is mixes


def test_a_field_says_what_its_name_reads_as() -> None:
    contract = (
        "apiVersion: v3.1.0\nkind: DataContract\nschema:\n- name: t\n  properties:\n"
        "  - {name: a, properties: [{name: \u0435mail}]}\n  - name: email\n"
    )
    (facts,) = gather(contract.encode(), file="c.yaml")
    assert isinstance(facts, Facts)
    above, plain = facts.input["product"]["contract"]["schema"][0]["fields"]
    assert (above["fields"][0]["reads_as"], above["fields"][0]["mixes_scripts"]) == ("email", True)
    assert "reads_as" not in plain
