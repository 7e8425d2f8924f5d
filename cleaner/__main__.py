"""The program: whatever happens, a user gets a line and an exit code, never a traceback."""

from __future__ import annotations

import contextlib
import os
import sys


def main() -> int:
    """Run the command line."""
    from cleaner.errors import CleanerError, Exit

    try:
        from cleaner.cli import run

        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        code = run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("cleaner: interrupted", file=sys.stderr)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away (head, less): what it wanted is written, and Python must not flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FINDINGS
    except CleanerError as error:
        print(f"cleaner: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"cleaner: the output cannot be written: {error.strerror or error}", file=sys.stderr)
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FAILURE
    except Exception as error:
        if os.environ.get("CLEANER_DEBUG"):
            raise
        print(f"cleaner: internal error: {type(error).__name__}: {error} (set CLEANER_DEBUG=1 for details)", file=sys.stderr)
        return Exit.FAILURE
    return code


if __name__ == "__main__":
    sys.exit(main())
