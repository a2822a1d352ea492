"""
Which key a fleet verifies which bundle by. A bundle that came signed keeps its signature, and its own key; the others
are signed by us, where there is a key to sign with. Only public keys are handed out: a secret (``HS…``) is known to
both sides beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bylaw_adapters.serving.service import Release


@dataclass(frozen=True, slots=True)
class KeyOfFleet:
    """A key as OPA's configuration names it; ``public_key`` is in PEM, empty for a secret."""

    key_id: str
    algorithm: str
    scope: str
    public_key: str


@dataclass(frozen=True, slots=True)
class FleetKeys:
    """``signer`` is for what ``sign`` signs, ``verifier`` for what came signed; each where there is one."""

    signer: KeyOfFleet | None = None
    verifier: KeyOfFleet | None = None
    sign: Callable[[Mapping[str, bytes]], bytes] | None = None

    def signing_of(self, name: str, release: Release) -> dict[str, Any] | None:
        """OPA's ``signing`` for a bundle; ``None`` where nobody has signed it."""
        by = self.verifier if name in release.signed else self.signer
        return None if by is None else {"keyid": by.key_id, "scope": by.scope}

    def published(self) -> dict[str, Any]:
        """OPA's ``keys``."""
        there = [by for by in (self.signer, self.verifier) if by is not None and by.public_key]
        return {by.key_id: {"algorithm": by.algorithm, "key": by.public_key} for by in there}
