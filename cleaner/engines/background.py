"""A scan in a process of its own, so that a screen stays quick while articles are read."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

import msgspec

from cleaner.detectors.names import clusters_of
from cleaner.engines.local import STEPS, Job, LocalEngine, Result
from cleaner.errors import CleanerError, DocumentError
from cleaner.names.variants import Cluster
from cleaner.pipeline import Checked


@dataclass(frozen=True, slots=True)
class Progress:
    """Steps that are done, of those that there are."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Broken:
    """The scan ended before its time."""

    reason: str


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the folder that stand in more than one spelling."""

    clusters: tuple[Cluster, ...]


Event = Result | Progress | Names | Broken


class BackgroundScan:
    """Starts at once; `events` ends when every file was checked."""

    def __init__(self, job: Job, paths: Sequence[str]) -> None:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else None)
        self._receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=_scan, args=(sender, job, list(paths)))
        self._process.start()
        sender.close()

    def events(self) -> Iterator[Event]:
        """Results in the order of the files, and progress between them."""
        while True:
            try:
                event = self._receiver.recv()
            except EOFError:
                self._process.join()
                if self._process.exitcode:
                    yield Broken("the scan was killed: what it found so far is shown")
                return
            except OSError:
                return  # stopped
            if event is None:
                self._process.join()
                return
            yield event

    def stop(self) -> None:
        """End the scan, whatever it is doing."""
        if self._process.is_alive():
            self._process.terminate()
        self._process.join(5)
        with contextlib.suppress(OSError):
            self._receiver.close()


def _scan(sender: Connection, job: Job, paths: Sequence[str]) -> None:
    """The other process: it ends when nobody listens any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the screen's
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    done = 0

    def tell(steps: int) -> None:
        nonlocal done
        done += steps
        sender.send(Progress(done, STEPS * len(paths)))

    try:
        engine = LocalEngine(msgspec.structs.replace(job, grammar=False), tell)
        digests = {}
        for result in engine.run(paths):
            try:
                sender.send(result)
            except DocumentError as error:  # changed since it was checked
                sender.send(error)
                continue
            if isinstance(result, Checked):
                digests[result.document.path] = result.document.digest
        sender.send(Names(tuple(clusters_of(engine.evidence))))
        if engine.pipeline.has_grammar:
            _add_grammar(sender, engine, digests)
        sender.send(None)
    except (BrokenPipeError, ConnectionError):
        return
    except CleanerError as error:
        sender.send(Broken(str(error)))
    except Exception as error:  # noqa: BLE001 - the screen shows it
        sender.send(Broken(f"internal error: {type(error).__name__}: {error}"))


def _add_grammar(sender: Connection, engine: LocalEngine, digests: dict[str, str]) -> None:
    """What LanguageTool finds, after all else: nobody waits for it."""
    for done, (path, digest) in enumerate(digests.items(), 1):
        result = engine.add_grammar(path, digest)
        sender.send(result)
        for error in result.errors if isinstance(result, Checked) else ():
            if isinstance(error, DocumentError):
                sender.send(error)
        sender.send(Progress(done, len(digests)))
