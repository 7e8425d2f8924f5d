"""A server of LanguageTool: a Java process that listens on the loopback interface and never outlives its owner.

A small shell stands between: it waits for the first line on a pipe before it starts Java, starts it again if it crashes, and
kills it when the pipe breaks, however its owner ended. So a run may set a server up and pay for Java only when a
paragraph is to be checked; any process that inherited the pipe can ask for that.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from cleaner.errors import CleanerError
from cleaner.expressions import expression

_SETTINGS = Path(__file__).with_name("server.properties")
_ENDED = "the server does not start again"
# $1 the log, $2 what to say on starting; a crash is answered by another start, twice
_SCRIPT = f"""
log=$1; note=$2; shift 2
read -r go || exit 0
[ -z "$note" ] || echo "$note" >&2
(for try in 1 2 3; do "$@" >"$log" 2>&1 </dev/null; done; echo "{_ENDED}" >>"$log"; kill -9 0) &
cat >/dev/null
kill -9 0
"""
_JAVA = ("-Xmx768m", "-Dsun.net.httpserver.nodelay=true")
_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Starts in half the time and is half as fast once warm: pays for fewer than about 150 articles."""
_PATIENCE = 60.0  # seconds until a server must be ready
_CAUSE = expression(r"(?:Caused by|Exception|Error)[^\n]*")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server answers; all that another process must know of it."""

    url: str
    version: str = ""
    """Of LanguageTool; empty where it is not known before it is asked."""
    log: str = ""
    wake: int = -1
    """The inherited end of the pipe of a server that this run owns."""

    @property
    def owned(self) -> bool:
        """Whether this run owns the server, which comes back after a crash."""
        return self.wake >= 0

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine, so that no proxy may stand between."""
        return bool(re.match(r"https?://(?:localhost|127\.[\d.]+|\[::1\])(?=[:/]|\Z)", self.url))

    def make_ready(self) -> None:
        """Start the server if that is this run's business, and wait until it answers; CleanerError where it does not."""
        if not self.owned:
            return
        with contextlib.suppress(OSError):
            os.write(self.wake, b"go\n")
        deadline = time.monotonic() + _PATIENCE
        port = int(self.url.rpartition(":")[2])
        while not _answers(port):
            if time.monotonic() > deadline or _has_ended(self.log):
                raise CleanerError(f"LanguageTool's server does not start: {_reason(self.log)}")
            time.sleep(0.05)


class Server:
    """A server, started at once or when it is needed; ended by `close` or with its owner."""

    def __init__(self, process: subprocess.Popen[bytes], endpoint: Endpoint) -> None:
        self._process = process
        self.endpoint = endpoint

    @classmethod
    def of(
        cls,
        jar: Path,
        version: str,
        java: str,
        *,
        log: Path,
        port: int = 0,
        quick: bool = True,
        note: str = "",
        silent: bool = False,
    ) -> Server:
        """A server on `port` (a free one for 0), which starts when it is needed and then says `note` on the standard error.

        `quick` is for few articles; a `silent` one writes nothing to the standard error. CleanerError where the port is in use.
        """
        port = port or free_port()
        if not is_free(port):
            raise CleanerError(f"port {port} is in use: choose another one, or none for any that is free")
        log.write_bytes(b"")
        server = ["-cp", str(jar), "org.languagetool.server.HTTPServer", "--port", str(port), "--config", str(_SETTINGS)]
        command = [java, *_JAVA, *(_QUICK if quick else ()), *server]
        process = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "sh", str(log), note, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if silent else None,
            start_new_session=True,
        )
        assert process.stdin is not None
        return cls(process, Endpoint(f"http://127.0.0.1:{port}", version, str(log), process.stdin.fileno()))

    def start(self) -> None:
        """Start now, and wait until it answers."""
        self.endpoint.make_ready()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.endpoint.url.rpartition(":")[2])

    def wait(self) -> None:
        """Wait until it cannot go on; CleanerError that says why."""
        self._process.wait()
        raise CleanerError(f"LanguageTool's server ended: {_reason(self.endpoint.log)}")

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)  # Java has nothing to lose
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def free_port() -> int:
    """A port of the loopback interface on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/v2/healthcheck")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _has_ended(log: str) -> bool:
    return _read(log).endswith(f"{_ENDED}\n")


def _reason(log: str) -> str:
    """What the log says, in a line."""
    text = _read(log).removesuffix(f"{_ENDED}\n").strip()
    causes = _CAUSE.findall(text)
    return (causes[-1] if causes else text.rpartition("\n")[2]) or f"it said nothing in {_PATIENCE:.0f} seconds"


def _read(log: str) -> str:
    try:
        return Path(log).read_text("utf-8", "replace")
    except OSError:
        return ""
