"""
Which part of ``data`` a bundle owns, and whether it keeps to it. Paths are compared segment by segment, never as text:
``domains/customer`` does not own ``domains/customers``, nor a single segment that has a slash in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeAlias

from bylaw.errors import InvalidManifest, Location, OutsideRoots

DOMAINS = "domains"
"""Below it, each domain has a root of its own."""


@dataclass(frozen=True, slots=True, order=True)
class Root:
    """A path below ``data``, as its segments; none at all is everything."""

    segments: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Root:
        """As a manifest writes it, ``domains/customer``; slashes at the ends mean nothing, as in OPA."""
        stripped = text.strip("/")
        segments = tuple(stripped.split("/")) if stripped else ()
        if any(segment in {"", ".", ".."} for segment in segments):
            raise InvalidManifest(f'.manifest: "{text}" is no root')
        return cls(segments)

    def owns(self, path: tuple[str, ...]) -> bool:
        return path[: len(self.segments)] == self.segments

    def overlaps(self, other: Root) -> bool:
        return self.owns(other.segments) or other.owns(self.segments)

    def __str__(self) -> str:
        return "/".join(self.segments)


def overlapping(roots: Iterable[Root]) -> Iterator[tuple[Root, Root]]:
    """Every pair of which one lies in the other."""
    return ((one, other) for one, other in combinations(roots, 2) if one.overlaps(other))


def told_from(packages: Iterable[tuple[str, ...]], data: Mapping[str, Any]) -> tuple[Root, ...]:
    """
    The roots of a bundle that declares none: the first part of each package and data path, the first two below
    ``domains``. So a plain OPA bundle, which claims everything, loads beside others as long as it holds nothing of
    theirs.
    """
    paths = {path[: _layer_length(path)] for path in packages}
    for key, value in data.items():
        if key == DOMAINS and isinstance(value, dict) and value:
            paths |= {(DOMAINS, name) for name in value}
        else:
            paths.add((key,))
    return tuple(sorted(Root(path) for path in paths if not _covered(path, paths)))


def _layer_length(path: tuple[str, ...]) -> int:
    return 2 if path[0] == DOMAINS else 1


def _covered(path: tuple[str, ...], paths: set[tuple[str, ...]]) -> bool:
    return any(path[:length] in paths for length in range(1, len(path)))


def check_package(roots: Iterable[Root], package: tuple[str, ...], location: Location) -> None:
    """
    Raises:
        OutsideRoots: The package lies in none of the roots.
    """
    roots = tuple(roots)
    if not any(root.owns(package) for root in roots):
        raise OutsideRoots(f"package {'.'.join(package)} is outside the bundle's {_said(roots)}", location=location)


Place: TypeAlias = Callable[[tuple[str, ...]], Location | None]
"""Where the value at a path below ``data`` was written; ``None`` where nobody knows."""


def check_data(roots: Iterable[Root], data: Mapping[str, Any], *, place: Place = lambda _: None) -> None:
    """
    Raises:
        OutsideRoots: A value lies in none of the roots. Objects on the way to a root are no values.
    """
    roots = tuple(roots)
    _check_below((), data, roots, place)


def _check_below(path: tuple[str, ...], value: Any, roots: tuple[Root, ...], place: Place) -> None:
    if any(root.owns(path) for root in roots):
        return
    on_the_way = any(Root(path).owns(root.segments) for root in roots)
    if not on_the_way or not isinstance(value, dict):
        reason = f"data at {'/'.join(path) or 'its root'} is outside the bundle's {_said(roots)}"
        raise OutsideRoots(reason, location=place(path))
    for key, below in value.items():
        _check_below((*path, key), below, roots, place)


def _said(roots: tuple[Root, ...]) -> str:
    return f"root{'' if len(roots) == 1 else 's'} {', '.join(str(root) for root in roots) or '(none)'}"
