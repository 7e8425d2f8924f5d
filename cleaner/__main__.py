"""The program: whatever happens, a user gets a line and an exit code, never a traceback."""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import signal
import sys
import threading
from types import FrameType, SimpleNamespace
from typing import Any, NoReturn

_GARBAGE = 200_000
"""So many more objects are there before Python looks for such as hold each other: articles make many objects and few of these."""


class _Terminated(SystemExit):
    """Another program asked for the end; raised so that workers are ended and unfinished files removed."""


def start() -> NoReturn:
    """Run the command line as a process, which ends without taking apart all that it holds: that takes a fifth of a short run."""
    gc.set_threshold(_GARBAGE, 20, 20)
    _import_lightly()
    code = main()
    if threading.active_count() > 1:
        sys.exit(code)  # Python waits for the others
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no other way to have them run
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _import_lightly() -> None:
    """Import what can do without other modules as where these are not installed, or by what stands in for them: a seventh of a short run.

    msgspec takes typing for typing_extensions, hashlib its own digests for those of OpenSSL; of platform the name of the system is asked for, of
    gettext the texts of argparse as they are; what paths are as URLs, and what types are as schemas, is asked for seldom.
    """
    stand_ins: dict[str, Any] = {
        "typing_extensions": None,  # Python says that it is not to be found
        "_hashlib": None,
        "platform": SimpleNamespace(system=lambda: os.uname().sysname),
        "gettext": SimpleNamespace(gettext=str, ngettext=lambda one, many, number: one if number == 1 else many),
        "urllib.parse": _functions("urllib.parse", "quote_from_bytes"),
        "msgspec.inspect": _Later("msgspec.inspect"),
        "msgspec._json_schema": _functions("msgspec._json_schema", "schema", "schema_components"),
    }
    spared = {name: each for name, each in stand_ins.items() if name not in sys.modules}
    sys.modules.update(spared)
    import argparse  # noqa: F401
    import hashlib  # noqa: F401
    import pathlib  # noqa: F401

    import msgspec  # noqa: F401

    for name in spared:
        del sys.modules[name]


class _Later:
    """A module that is loaded when something of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self._name), name)


def _functions(module: str, *names: str) -> SimpleNamespace:
    """Functions of a module that is loaded when one of them is called."""
    later = _Later(module)
    return SimpleNamespace(
        **{name: lambda *args, _name=name, **options: getattr(later, _name)(*args, **options) for name in names}
    )


def main() -> int:
    """Carry out the command line and return the exit code."""
    from cleaner.cli.streams import abandon, prepare, say
    from cleaner.errors import CleanerError, Exit, because

    try:
        signal.signal(signal.SIGTERM, _terminate)
        prepare()
        from cleaner.cli import run

        code = run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _ended("interrupted", Exit.INTERRUPTED)
    except _Terminated:
        return _ended("terminated", Exit.TERMINATED)
    except BrokenPipeError:
        abandon(sys.stdout)  # the reader (head, less) went away: it has what it wanted
        return Exit.BROKEN_PIPE
    except CleanerError as error:
        say(str(error))
        return error.exit_code
    except OSError as error:
        if error.filename is not None:
            say(f"{os.fsdecode(error.filename)}: cannot be used: {because(error)}")
        else:
            say(f"the output cannot be written: {because(error)}")
            abandon(sys.stdout)
        return Exit.FAILURE
    except Exception as error:
        if os.environ.get("CLEANER_DEBUG"):
            raise
        say(f"internal error: {type(error).__name__}: {error} (set CLEANER_DEBUG=1 for details)")
        return Exit.FAILURE
    return code


def _terminate(_: int, __: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the end has begun
    raise _Terminated


def _ended(how: str, code: int) -> int:
    """Say that the run ended early; a second signal changes nothing."""
    from cleaner.cli.streams import abandon, say

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    say(how)
    try:
        sys.stdout.flush()
    except OSError:
        abandon(sys.stdout)
    return code


if __name__ == "__main__":
    start()
