"""
Keeping the law in step with its sources:

1. A source is asked what it holds: watched each second (files), polled, or asked to wait for a change (long polling).
2. What is new is prepared aside with what the other sources hold: unpacked, verified, checked (``aside``).
3. It is kept (``kept``), so that the next start and a rollback have it. What cannot be kept is not put in force.
4. The evaluator loads it, aside as well, and it is put in force in one step.

A step that fails leaves the law in force alone, and is told. One release is prepared at a time; a source that changed
meanwhile waits for its turn, so two releases that race end as the later one, never as a mixture.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from bylaw.bundle.signing import SignatureVerifier
from bylaw.errors import BylawError, UnreadableBundle
from bylaw_adapters.bundle_sources.aside import prepare_aside
from bylaw_adapters.bundle_sources.kept import KeptArchives
from bylaw_adapters.bundle_sources.preparing import Job, Prepared, Refused, Signer, prepare
from bylaw_adapters.bundle_sources.source import Content, Offer, Source

logger = logging.getLogger("bylaw.bundles")

WATCH_SECONDS = 1.0
# As OPA's; what is waited after an error doubles from here to the longest delay.
FIRST_RETRY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Pulled:
    """What is known of one source, in nanoseconds since 1970 (0: never). ``error`` is why the last attempt failed."""

    name: str = ""
    revision: str = ""
    place: str = ""
    size_bytes: int = 0
    requested_ns: int = 0
    request_succeeded_ns: int = 0
    downloaded_ns: int = 0
    activated_ns: int = 0
    pinned: bool = False
    error: BylawError | None = None


@dataclass(frozen=True, slots=True)
class Delays:
    """Between two polls, at random between both, in seconds."""

    least: float = 60.0
    most: float = 120.0


Activate: TypeAlias = Callable[[Prepared, Mapping[str, Pulled]], Awaitable[None]]
Report: TypeAlias = Callable[[Mapping[str, Pulled], bool], None]


@dataclass(slots=True)
class _Slot:
    source: Source
    etag: str = ""
    """Of what was last fetched, refused or not: it is not asked for again until it changes."""
    content: Content | None = None
    """What was last fetched and not refused; in force, unless another revision is pinned."""
    in_force: Content | None = None
    told: Pulled = field(default_factory=Pulled)
    unreachable: BylawError | None = None
    refused: BylawError | None = None

    def state(self) -> Pulled:
        return replace(self.told, place=self.source.place, error=self.unreachable or self.refused)


async def _put_nothing_in_force(_prepared: Prepared, _pulled: Mapping[str, Pulled]) -> None:
    raise UnreadableBundle("nobody is there to put the law in force")


class Follower:
    """Follows sources, and keeps the archives that are put in force."""

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        kept: KeptArchives,
        library: bool = True,
        verify: SignatureVerifier | None = None,
        signer: Signer | None = None,
        delays: Delays | None = None,
    ) -> None:
        self._slots = [_Slot(source) for source in sources]
        self._library = library
        self._verify = verify
        self._signer = signer
        self._kept = kept
        self._delays = delays or Delays()
        self._turn = asyncio.Lock()
        self._activate: Activate = _put_nothing_in_force
        self._report: Report = lambda _pulled, _refused: None

    def start(self) -> tuple[Prepared, Mapping[str, Pulled]]:
        """
        The first law, prepared in this process; to be called once, before there is an event loop. Instead of what a
        source cannot give, or must not be loaded, what was kept of it is taken.

        Raises:
            BylawError: There is no law to start from.
        """
        asyncio.run(self._fetch_all())
        for slot in self._slots:
            if slot.unreachable is not None:
                slot.content = self._last_kept(slot, slot.unreachable)
        contents, pinned = self._in_force({})
        prepared = None
        while prepared is None:
            try:
                prepared = prepare(self._job(contents))
            except Refused as refused:
                if refused.position is None or self._slots[refused.position].state().error is not None:
                    raise refused.error from refused
                slot = self._slots[refused.position]
                logger.error("%s: %s: %s", slot.source.place, refused.error.code, refused.error)  # noqa: TRY400
                slot.content = self._last_kept(slot, refused.error)
                slot.refused = refused.error
                contents, pinned = self._in_force({})
        self._keep(prepared, contents, pinned)
        self._commit(self._after(prepared, contents, pinned), contents)
        return prepared, self._states()

    def connect(self, activate: Activate, report: Report) -> None:
        """
        ``activate`` loads and puts in force, and raises ``BylawError`` to refuse; ``report`` is told what is known of
        the sources after each attempt, and whether something was refused in it.
        """
        self._activate, self._report = activate, report

    async def follow(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for slot in self._slots:
                tasks.create_task(_without_end(partial(self._follow, slot), slot.source.place))
            tasks.create_task(_without_end(self._follow_pins, "rollbacks"))

    async def reload(self) -> bool:
        """Ask every source now, whatever it held before. Whether the law in force is what they hold."""
        async with self._turn:
            offers = await self._fetch_all()
            if any(slot.unreachable is not None for slot in self._slots):
                self._report(self._states(), True)
                return False
            return await self._put_in_force(offers)

    async def _follow(self, slot: _Slot) -> None:
        retry = FIRST_RETRY_SECONDS
        while True:
            delay = random.uniform(self._delays.least, self._delays.most)  # noqa: S311  spreads the load, no secret
            if slot.source.is_watched:
                delay = WATCH_SECONDS
            elif slot.unreachable is not None:
                delay, retry = min(retry, delay), retry * 2
            elif slot.source.waits:
                delay = FIRST_RETRY_SECONDS  # a server that does not wait after all is not asked in a tight loop
            await asyncio.sleep(delay)
            offer = await self._fetch(slot, slot.etag, wait=slot.source.waits)
            if slot.unreachable is None:
                retry = FIRST_RETRY_SECONDS
            async with self._turn:
                if offer is None:
                    self._report(self._states(), False)
                else:
                    await self._put_in_force({self._slots.index(slot): offer})

    async def _follow_pins(self) -> None:
        """A rollback is said in the state directory, by ``bylaw bundle rollback``."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            async with self._turn:
                is_done = await asyncio.to_thread(self._has_pinned) or await self._put_in_force({})
            if not is_done:
                await asyncio.sleep(self._delays.least)

    def _has_pinned(self) -> bool:
        """Whether what is to be pinned is, and nothing else."""
        try:
            wanted = {name: self._kept.history(name).pinned for name in self._kept.names()}
        except BylawError as error:
            logger.error("%s: %s", error.code, error)  # noqa: TRY400  an index that cannot be read
            return True
        pinned = {slot.told.name: slot.told.revision if slot.told.pinned else None for slot in self._slots}
        return all(wanted.get(name) == revision for name, revision in pinned.items())

    async def _fetch_all(self) -> dict[int, Offer]:
        offers = await asyncio.gather(*(self._fetch(slot, "") for slot in self._slots))
        for slot, offer in zip(self._slots, offers, strict=True):
            if offer is not None and slot.content is None:
                slot.content, slot.etag = offer.content, offer.etag
        return {position: offer for position, offer in enumerate(offers) if offer is not None}

    async def _fetch(self, slot: _Slot, etag: str, *, wait: bool = False) -> Offer | None:
        slot.told = replace(slot.told, requested_ns=time.time_ns())
        was_reachable = slot.unreachable is None
        try:
            offer = await slot.source.fetch(etag, wait=wait, whole=slot.told.pinned)
        except BylawError as error:
            slot.unreachable = error
        except Exception as error:  # a defect here must be as visible as a source that is gone
            logger.exception("%s: a defect", slot.source.place)
            slot.unreachable = UnreadableBundle(f"{slot.source.place}: a defect: {error!r}")
        else:
            slot.unreachable = None
            now = time.time_ns()
            slot.told = replace(slot.told, request_succeeded_ns=now)
            if offer is not None:
                slot.told = replace(slot.told, downloaded_ns=now, size_bytes=offer.content.size_bytes)
            return offer
        if was_reachable:
            logger.error("%s, the law in force stays: %s", slot.unreachable.code, slot.unreachable)
        return None

    async def _put_in_force(self, offers: Mapping[int, Offer]) -> bool:
        """To be called in turn only."""
        changed: list[_Slot] = []
        for position, offer in offers.items():
            slot = self._slots[position]
            slot.etag = offer.etag
            if slot.content != offer.content:
                changed.append(slot)
        blamed: Sequence[_Slot] = changed or self._slots
        try:
            offered = {position: self._upon(position, offer) for position, offer in offers.items()}
            contents, pinned = await asyncio.to_thread(self._in_force, offered)
            prepared = await prepare_aside(self._job(contents))
            contents = _with_whole(contents, prepared)
            await asyncio.to_thread(self._keep, prepared, contents, pinned)
            after = self._after(prepared, contents, pinned)
            await self._activate(prepared, {told.name: told for told in after})
        except Refused as refused:
            if refused.position is not None:
                blamed = [self._slots[refused.position]]
                if refused.is_delta:
                    blamed[0].etag = ""  # asked without one, a server answers with the whole
            self._refuse(blamed, refused.error)
            return False
        except BylawError as error:
            self._refuse(blamed, error)
            return False
        except Exception as error:  # a defect while loading must be as visible as a broken bundle
            logger.exception("loading the law: a defect")
            self._refuse(blamed, BylawError(f"a defect while loading: {error!r}"))
            return False
        for position, offer in offers.items():
            slot = self._slots[position]
            slot.content = offer.content if position in pinned else contents[position]
            slot.refused = None
        self._commit(after, contents)
        self._report(self._states(), False)
        named = (f"{name} {revision}" for name, revision in sorted(prepared.revisions.items()))
        logger.info("in force: %s", ", ".join(named))
        return True

    def _refuse(self, blamed: Sequence[_Slot], error: BylawError) -> None:
        logger.error("the law was not reloaded, the one in force stays: %s: %s", error.code, error)
        for slot in blamed:
            slot.refused = error
        self._report(self._states(), True)

    def _in_force(self, offered: Mapping[int, Content]) -> tuple[list[Content], dict[int, str]]:
        """What is to be in force of each source, and which of it by a rollback: revisions by position."""
        contents: list[Content] = []
        pinned: dict[int, str] = {}
        for position, slot in enumerate(self._slots):
            content = offered.get(position, slot.content)
            name = slot.told.name or self._kept.name_at(slot.source.place)
            revision = self._kept.history(name).pinned if name else None
            if revision is not None:
                pinned[position] = revision
                content = self._kept_content(slot, name, revision)
            if content is None:
                raise UnreadableBundle(f"{slot.source.place}: holds nothing")
            contents.append(content)
        return contents, pinned

    def _upon(self, position: int, offer: Offer) -> Content:
        """What was offered, with what it may be a delta to."""
        before = self._slots[position].content
        is_archive = before is not None and offer.content.archive is not None
        return replace(offer.content, base=before.archive) if before is not None and is_archive else offer.content

    def _last_kept(self, slot: _Slot, error: BylawError) -> Content:
        """What was last in force of this source, of which ``error`` says why it is needed."""
        name = self._kept.name_at(slot.source.place)
        releases = self._kept.history(name).releases if name else ()
        if not releases:
            raise error
        return self._kept_content(slot, name, releases[-1].revision)

    def _kept_content(self, slot: _Slot, name: str, revision: str) -> Content:
        release = self._kept.history(name).of(revision)
        if release is None:
            raise UnreadableBundle(f"{name}: revision {revision} is pinned and not kept")
        return Content(slot.source.place, name, archive=self._kept.archive(name, release))

    def _keep(self, prepared: Prepared, contents: Sequence[Content], pinned: Mapping[int, str]) -> None:
        for position, content in enumerate(contents):
            if content.archive is not None and position not in pinned and content != self._slots[position].in_force:
                name = prepared.names[position]
                self._kept.keep(name, prepared.revisions[name], content.place, content.archive)

    def _after(self, prepared: Prepared, contents: Sequence[Content], pinned: Mapping[int, str]) -> list[Pulled]:
        now = time.time_ns()
        after = []
        for position, (slot, content) in enumerate(zip(self._slots, contents, strict=True)):
            name = prepared.names[position]
            revision = prepared.revisions[name]
            is_new = slot.told.revision != revision or slot.in_force != content
            after.append(
                replace(
                    slot.told,
                    name=name,
                    revision=revision,
                    place=slot.source.place,
                    activated_ns=now if is_new else slot.told.activated_ns,
                    pinned=position in pinned,
                )
            )
        return after

    def _commit(self, after: Sequence[Pulled], contents: Sequence[Content]) -> None:
        for slot, told, content in zip(self._slots, after, contents, strict=True):
            # What was asked meanwhile stays told.
            slot.told = replace(told, requested_ns=slot.told.requested_ns)
            slot.in_force = content

    def _states(self) -> dict[str, Pulled]:
        return {slot.told.name: slot.state() for slot in self._slots}

    def _job(self, contents: Sequence[Content]) -> Job:
        return Job(tuple(contents), self._library, self._verify, self._signer)


async def _without_end(follow: Callable[[], Awaitable[None]], what: str) -> None:
    """A defect must not end the following: it would be a law that nobody can change any more."""
    while True:
        try:
            await follow()
        except Exception:
            logger.exception("following %s: a defect", what)
            await asyncio.sleep(WATCH_SECONDS)


def _with_whole(contents: Sequence[Content], prepared: Prepared) -> list[Content]:
    """Each content as it stands by itself."""
    return [
        replace(content, archive=prepared.whole.get(position, content.archive), base=None)
        for position, content in enumerate(contents)
    ]
