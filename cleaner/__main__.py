"""The program: whatever happens, a user gets a line and an exit code, never a traceback."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn


class _Terminated(SystemExit):
    """Another program asked for the end; raised so that workers are ended and unfinished files removed."""


def main() -> int:
    """Run the command line."""
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
    sys.exit(main())
