"""The review as questions and answers, for screen readers, dumb terminals and pipes; driven by the same decisions as the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.text import Text

from cleaner.decisions import Scope
from cleaner.errors import CleanerError, DocumentError
from cleaner.reviewing import Review
from cleaner.text.visible import printable, visible
from cleaner.tui.excerpt import evidence, marked
from cleaner.tui.state import Action, Item, decisions

_PROMPT = "[y,n,1-9,e,s,o,u,a,d,i,m,w,q,?] "
_HELP = """y - accept the first alternative      n - reject
1-9 - accept another alternative      e TEXT - replace by TEXT
s - skip                              u - undo the last decision
o - open a run of lines               w - write the accepted fixes
a - accept with a wider scope         d - reject with a wider scope
i - it is a name of this folder       m - these are two different names
q - quit; decisions are kept
"""
_SCOPES = {"1": Scope.DOCUMENT, "2": Scope.FIX, "3": Scope.RULE}
_AROUND = 160
_SIMPLE = {"y": "accept", "n": "reject", "s": "skip", "u": "undo", "o": "open", "i": "name", "m": "different"}


class PlainReview:
    """Asks about one open finding after the other."""

    def __init__(self, review: Review, stdin: TextIO, stdout: TextIO) -> None:
        self._review = review
        self._in = stdin
        self._out = stdout

    def run(self) -> int:
        """Ask until all is decided, the input ends or the reviewer quits; the number of open findings left."""
        state = self._review.state
        asking = decisions(state)
        item = next(asking, None)
        while item is not None:
            action = self._ask(item)
            if action is None:
                break
            try:
                item = asking.send(action)
            except StopIteration:
                break
            except (CleanerError, ValueError) as error:
                self._say(f"not done: {error}")
                asking = decisions(state)
                item = next(asking, None)
        asking.close()
        self._finish()
        return state.open_count

    def _ask(self, item: Item) -> Action | None:
        """The action for `item`; None to quit."""
        self._show(item)
        while True:
            self._out.write(_PROMPT)
            self._out.flush()
            line = self._in.readline()
            if not line:
                return None
            answer, _, rest = line.strip().partition(" ")
            if answer == "q":
                return None
            if answer == "w":
                self._write()
            elif answer in {"a", "d"}:
                action = self._wider(item, "accept" if answer == "a" else "reject")
                if action:
                    return action
            elif answer in _SIMPLE and not (answer == "y" and item.fix is None):
                return Action(_SIMPLE[answer])
            elif answer == "e":
                return Action("accept", rest)
            elif answer.isdecimal() and 0 < int(answer) <= len(item.replacements):
                return Action("accept", item.replacements[int(answer) - 1])
            else:
                self._say("advice has nothing to accept: e TEXT replaces" if answer == "y" else _HELP.rstrip())

    def _wider(self, item: Item, name: str) -> Action | None:
        counts = {key: len(self._review.state.within(item, scope)) for key, scope in _SCOPES.items()}
        line = item.finding.is_removal and not item.parts
        words = {"1": "this document", "2": "this line everywhere" if line else "every same fix", "3": "the whole rule"}
        self._say(
            f"{name}: " + ", ".join(f"{key} {words[key]} ({count})" for key, count in counts.items()) + "; anything else cancels"
        )
        scope = _SCOPES.get(self._in.readline().strip())
        return Action(name, scope=scope) if scope else None

    def _show(self, item: Item) -> None:
        state = self._review.state
        try:
            document = self._review.original(item.path)
        except DocumentError as error:
            self._say(f"\n{error}")
            return
        position = document.position(item.finding.core.start)
        self._say(f"\n{visible(item.path)}:{position.line}:{position.column} ({state.open_count} open)")
        text, line = marked(document.readable, state, item)
        lines = text.plain.split("\n")
        count = printable(item.finding.core.of(document.readable)).count("\n") + 1 if item.parts else 1
        for shown in lines[line : line + count]:
            self._say(_around(shown))
        for part in _lines(evidence(state, item)):
            self._say(f"  {part}")

    def _write(self) -> None:
        for result in self._review.write():
            done = f"{result.path}: {result.fixes} fixes written"
            self._say(visible(f"not written: {result.error}" if result.error else done))

    def _finish(self) -> None:
        unwritten = self._review.unwritten()
        if not unwritten:
            return
        self._say(f"accepted fixes in {len(unwritten)} file{'' if len(unwritten) == 1 else 's'} are not written")
        self._out.write("write them now? [y,n] ")
        self._out.flush()
        if self._in.readline().strip() == "y":
            self._write()
        else:
            self._say("kept; cleaner fix --decided writes them")

    def _say(self, text: str) -> None:
        self._out.write(visible(text, keep="\n\t") + "\n")


def _around(line: str) -> str:
    """The part of a long line around its change."""
    start, end = line.find("[-"), line.rfind("+}")
    first = max(0, start - _AROUND)
    last = min(len(line), max(end, start) + _AROUND)
    return ("…" if first else "") + line[first:last] + ("…" if last < len(line) else "")


def _lines(text: Text) -> Iterator[str]:
    return (line for line in text.plain.split("\n") if line.strip())
