"""What ``bylaw decide --explain`` tells of a decision."""

from __future__ import annotations

from bylaw_adapters.cli.decide import explanation


def test_each_rule_is_told_with_what_it_said() -> None:
    document = {
        "kind": "privacy",
        "decision": "deny",
        "allow": False,
        "violations": [{"rule": "global.privacy.b", "msg": "not encrypted", "path": "output_ports[daily]"}],
        "warnings": [
            {"rule": "global.privacy.b", "msg": "old", "path": ""},
            {
                "rule": "global.policies.d",
                "msg": "too short",
                "path": "",
                "policy": {"name": "d", "rule": "rules[0]", "source": "global/policies/d.yaml:4"},
            },
        ],
        "audits": [],
        "waived": [{"rule": "global.privacy.c", "msg": "no owner", "path": "product.owner"}],
        "ignored": [{"id": "W-1", "reason": "expired"}],
        "obligations": {
            "row_filters": [{"expression": "region = 'EU'", "rule": "r", "layer": "global"}],
            "column_masks": [],
            "protections": ["encryption"],
        },
        "evaluated": ["global.privacy.a", "global.privacy.b", "global.privacy.c"],
    }

    assert list(explanation(document)) == [
        "privacy: deny",
        "  global.policies.d:",
        "    warns: too short [rules[0], global/policies/d.yaml:4]",
        "  global.privacy.a: nothing to say",
        "  global.privacy.b:",
        "    denies: not encrypted (output_ports[daily])",
        "    warns: old",
        "  global.privacy.c:",
        "    is waived: no owner (product.owner)",
        "  waiver W-1 has no effect: expired",
        "  obligation, row_filters: expression region = 'EU', rule r",
        "  obligation, protections: encryption",
    ]
