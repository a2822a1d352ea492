"""
The law as it is with the waivers that were approved here: it is made of bundles and of these. How waivers are requested
and approved is a door's business (``decision_api.waivers``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from bylaw.law import Law
from bylaw.ports import PolicyEvaluator, WaiverStore
from bylaw.waivers.standing import REVISION, revisions, standing, with_waivers
from bylaw_adapters.serving.service import Release

MAY_TOUCH_ACCESS = "bylaw/waiver_report/may_touch_access"

_TRINO = ("allow", "batch", "row_filters", "column_mask", "batch_column_masks")
_BESIDE = {f"bylaw/trino/{answer}": "bylaw/trino/waivers" for answer in _TRINO}


@dataclass(frozen=True, slots=True)
class WaivedLaw:
    """Makes laws, in any thread, each with the waivers that are approved at that moment."""

    evaluator: PolicyEvaluator
    store: WaiverStore

    def law(
        self, modules: Mapping[str, str], data_json: bytes, of_bundles: Mapping[str, str], *, v0_files: frozenset[str]
    ) -> Law:
        """
        Raises:
            PolicyError, InputError: The evaluator does not take it.
        """
        approved = standing(self.store.all())
        snapshot = self.evaluator.load(modules, with_waivers(data_json, approved), v0_files=v0_files)
        touches_access = snapshot.evaluate(MAY_TOUCH_ACCESS, None) == b"true"
        return Law(snapshot, revisions(of_bundles, approved), beside=_BESIDE if touches_access else {})

    def made_anew(self, before: Release) -> Release:
        """The same bundles with the waivers of now."""
        of_bundles = {name: revision for name, revision in before.law.revisions.items() if name != REVISION}
        law = self.law(before.modules, before.data_json, of_bundles, v0_files=before.v0_files)
        return dataclasses.replace(before, law=law)

    def is_of_now(self, release: Release) -> bool:
        """Whether a release has the waivers that are approved now."""
        return revisions({}, standing(self.store.all())).get(REVISION) == release.law.revisions.get(REVISION)
