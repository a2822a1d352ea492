"""
Tries mutants against a suite, several at a time, within a bound of number and of time.

On threads and not in processes: loading a law and evaluating it, which is what a mutant costs, hold no lock of the
interpreter. On two processors 900 mutants of the catalogue took 6.4 s one after another, 3.2 s on two threads and 5.4 s
in two processes, which have to begin and to be told the law.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bylaw_adapters.mutation.mutant import Fate, Mutant, Tried
from bylaw_adapters.mutation.suite import Suite

DEFAULT_MAX_MUTANTS = 1000
DEFAULT_SECONDS = 300.0

MAX_FOUND = 200_000
"""Of a law that has more, the others are not looked for."""


@dataclass(frozen=True, slots=True)
class MutationRun:
    """
    ``found`` mutants there are; ``tried`` of them were, in order of place. ``is_cut_short`` where time ran out before
    all were that were to be.
    """

    found: int
    tried: tuple[Tried, ...]
    is_cut_short: bool

    def of(self, fate: Fate) -> list[Tried]:
        return [each for each in self.tried if each.fate is fate]

    @property
    def score(self) -> float:
        """Percent of those that count that were noticed; 100 where none counts."""
        return round(100 * len(self.of(Fate.NOTICED)) / self.counted, 2) if self.counted else 100.0

    @property
    def counted(self) -> int:
        return len(self.of(Fate.NOTICED)) + len(self.of(Fate.SURVIVED))


def mutate(
    suite: Suite,
    mutants: Sequence[Mutant],
    *,
    max_mutants: int = DEFAULT_MAX_MUTANTS,
    seconds: float = DEFAULT_SECONDS,
    parallel: int = 1,
) -> MutationRun:
    """Where there are more than ``max_mutants``, every so-manieth is tried: the same ones each time."""
    chosen = spread(mutants, max_mutants)
    until = time.monotonic() + seconds
    tried: list[Tried] = []
    for each in _tried(suite, chosen, parallel):
        tried.append(each)
        if time.monotonic() > until:
            break
    return MutationRun(len(mutants), tuple(tried), len(tried) < len(chosen))


def spread(mutants: Sequence[Mutant], most: int) -> list[Mutant]:
    """At most so many of them, spread evenly."""
    if len(mutants) <= most:
        return list(mutants)
    return [mutants[index * len(mutants) // most] for index in range(most)]


def _tried(suite: Suite, mutants: Sequence[Mutant], parallel: int) -> Iterator[Tried]:
    pool = ThreadPoolExecutor(max(parallel, 1))
    try:
        for judged in [pool.submit(suite.judge, mutant) for mutant in mutants]:
            yield judged.result()
    finally:
        pool.shutdown(cancel_futures=True)
