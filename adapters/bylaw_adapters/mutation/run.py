"""
Tries mutants against a suite, several processes at a time, within a bound of number and of time.

Processes and not threads: each mutant is a law that is loaded anew, and loading holds the interpreter's lock.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
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
        counted = len(self.of(Fate.NOTICED)) + len(self.of(Fate.SURVIVED))
        return round(100 * len(self.of(Fate.NOTICED)) / counted, 2) if counted else 100.0


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


_suite: Suite | None = None


def _begin(suite: Suite) -> None:
    global _suite  # noqa: PLW0603 - sent once to each process, not with each mutant
    _suite = suite


def _judge(mutant: Mutant) -> Tried:
    assert _suite is not None  # noqa: S101 - the pool has begun with it
    return _suite.judge(mutant)


def _tried(suite: Suite, mutants: Sequence[Mutant], parallel: int) -> Iterator[Tried]:
    if parallel <= 1 or len(mutants) <= 1:
        yield from map(suite.judge, mutants)
        return
    # Spawned, not forked: the evaluator's threads of this process do not live on in a fork.
    with multiprocessing.get_context("spawn").Pool(parallel, _begin, (suite,)) as pool:
        yield from pool.imap(_judge, mutants)
