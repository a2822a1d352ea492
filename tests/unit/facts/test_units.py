"""One way to say it, however it was written."""

from __future__ import annotations

import pytest

from bylaw.facts import units


@pytest.mark.parametrize(
    ("written", "unit", "seconds"),
    [
        ("1h", None, 3600),
        ("24h", None, 86_400),
        ("5m", None, 300),
        ("15 minutes", None, 900),
        ("500ms", None, 0.5),
        ("P1D", None, 86_400),
        ("PT24H", None, 86_400),
        ("PT60S", None, 60),
        ("P1Y", None, 31_536_000),
        ("P1Y2M3DT4H5M6S", None, 31_536_000 + 2 * 2_592_000 + 3 * 86_400 + 4 * 3600 + 5 * 60 + 6),
        ("24", "h", 86_400),
        (4, "d", 345_600),
        (3, "years", 94_608_000),
        ("7", "yr", 220_752_000),
        ("P", None, None),
        ("PT", None, None),
        ("24", None, None),
        (24, None, None),
        (-1, "d", None),
        ("soon", None, None),
        ("5 fortnights", None, None),
        ("Available 24/7", None, None),
    ],
)
def test_durations_are_seconds(written: str | float, unit: str | None, seconds: float | None) -> None:
    assert units.seconds(written, unit) == seconds


@pytest.mark.parametrize(
    ("written", "unit", "days"), [("7", "y", 2555), ("P3Y", None, 1095), ("36h", None, 1), ("unlimited", None, None)]
)
def test_retention_is_whole_days_rounded_down(written: str, unit: str | None, days: int | None) -> None:
    assert units.days(written, unit) == days


@pytest.mark.parametrize(
    ("written", "unit", "share"),
    [
        ("99.95%", None, 0.9995),
        ("95%", "%", 0.95),
        (99.5, "percentage", 0.995),
        ("99.9", None, 0.999),
        (0.95, None, 0.95),
        (1, None, 1),
        ("> 99.99%", None, 0.9999),
        ("0.5", "%", 0.005),
        ("-1%", None, None),
        ("1000%", None, None),
        ("high", None, None),
    ],
)
def test_shares_are_of_one(written: str | float, unit: str | None, share: float | None) -> None:
    assert units.share(written, unit) == share


@pytest.mark.parametrize(
    ("written", "threshold"),
    [
        ("> 99.9%", units.Threshold("gt", 0.999)),
        ("<= 5", units.Threshold("lte", 5)),
        ("0%", units.Threshold("equals", 0)),
        ("0% for customer_uid", None),
        ("+/- 5% daily", None),
    ],
)
def test_thresholds_are_a_comparison_or_nothing(written: str, threshold: units.Threshold | None) -> None:
    assert units.threshold(written) == threshold


@pytest.mark.parametrize(
    ("written", "cipher"),
    [
        ("AES256", "AES-256"),
        ("aes-256", "AES-256"),
        ("AES256_GCM", "AES-256"),
        ("AES-2560", "AES-2560"),
        ("AES-128", "AES-128"),
        ("enabled", "enabled"),
    ],
)
def test_only_aes_256_is_called_so(written: str, cipher: str) -> None:
    assert units.encryption_at_rest(written) == cipher


@pytest.mark.parametrize(
    ("written", "protocol"),
    [("tls", "TLS"), ("TLSv1.2", "TLS 1.2"), ("TLS 1.3+", "TLS 1.3"), ("mTLS", "mTLS"), ("none", "none")],
)
def test_transport_is_named_with_its_version(written: str, protocol: str) -> None:
    assert units.encryption_in_transit(written) == protocol
