"""A real browser for tests: headless Chromium, spoken to by its DevTools protocol over a pair of pipes."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
# The sandbox needs rights that a test may not have; the pages are our own.
_FLAGS = (
    "--remote-debugging-pipe --headless=new --no-sandbox --disable-gpu --hide-scrollbars --no-first-run --disable-extensions "
    "--disable-dev-shm-usage"
).split()
_PATIENCE = 60  # seconds
# The protocol wants the descriptors 3 and 4.
_LAUNCHER = """
import fcntl, os, sys
reading, writing = (fcntl.fcntl(int(given), fcntl.F_DUPFD, 10) for given in sys.argv[1:3])
os.dup2(reading, 3)
os.dup2(writing, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """One page of a browser that has a folder of its own and no network."""

    def __init__(self, width: int = 1300, height: int = 1000) -> None:
        self._home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        their_reading, self._writing = os.pipe()
        self._reading, their_writing = os.pipe()
        launch = [sys.executable, "-ISc", _LAUNCHER, str(their_reading), str(their_writing), str(CHROMIUM)]
        self._process = subprocess.Popen(
            [*launch, *_FLAGS, f"--user-data-dir={self._home.name}", "about:blank"],
            pass_fds=(their_reading, their_writing),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(their_reading)
        os.close(their_writing)
        self._number = 0
        self._session: dict[str, str] = {}
        self._rest = b""
        self.complaints: list[str] = []
        """What the page wrote to the console or tried against its policy."""
        target = self._first_page()
        self._session = {"sessionId": self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)

    def _first_page(self) -> str:
        while True:
            for target in self.call("Target.getTargets")["targetInfos"]:
                if target["type"] == "page":
                    return target["targetId"]
            time.sleep(0.05)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to a command of the protocol."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters, **self._session}
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select.select([self._reading], [], [], _PATIENCE)[0], "the browser does not answer"
            data = os.read(self._reading, 1 << 20)
            assert data, "the browser ended"
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\0")
        message = json.loads(line)
        if message.get("method") in {"Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"}:
            self.complaints.append(json.dumps(message["params"]))
        return message

    def open(self, page: Path) -> None:
        """Load a file and wait until its scripts ran."""
        self.call("Page.navigate", url=page.resolve().as_uri())
        while self.run("document.readyState") != "complete" or self.run("location.protocol") != "file:":
            time.sleep(0.02)

    def run(self, script: str) -> Any:
        """The value of an expression, as plain data."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key."""
        text = {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def look(self, media: str = "", theme: str = "light") -> None:
        """Show the page as on paper, or in a theme."""
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": theme}])

    def picture(self, path: Path) -> None:
        """A screenshot."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self) -> None:
        """End the browser."""
        self._session = {}
        self.call("Browser.close")
        self._process.wait(30)
        os.close(self._writing)
        os.close(self._reading)
        self._home.cleanup()
