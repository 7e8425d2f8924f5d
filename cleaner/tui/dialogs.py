"""The dialogs of the review: each returns what was chosen, or None."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Checkbox, Input, Label, Static

from cleaner.decisions import Scope, Verdict
from cleaner.findings import Kind
from cleaner.tui.state import Filter


class Dialog(ModalScreen):  # type: ignore[type-arg]
    """A box in the middle of the screen; Escape closes it."""

    AUTO_FOCUS = "Input"
    BINDINGS = [("escape", "close", "close")]  # noqa: RUF012 - so does Textual
    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > Vertical { width: 76; max-width: 95%; height: auto; max-height: 90%; border: round $primary; background: $surface; padding: 0 1; }
    Dialog Input { margin: 0; border: tall $border; }
    Dialog .hint { color: $text-muted; }
    """

    def action_close(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


class TextDialog(Dialog):
    """Asks for a text."""

    def __init__(self, title: str, value: str = "", hint: str = "Enter to go on, Escape to cancel") -> None:
        super().__init__()
        self._title, self._value, self._hint = title, value, hint

    def compose(self) -> ComposeResult:
        """A title, an input and a hint."""
        with Vertical():
            yield Label(self._title)
            yield Input(self._value, select_on_focus=False)
            yield Label(self._hint, classes="hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The text is the choice."""
        self.dismiss(event.value)


class ScopeDialog(Dialog):
    """Asks how far a verdict reaches, tells how many findings that is, and asks whether it is meant."""

    KEYS = {"1": Scope.DOCUMENT, "2": Scope.FIX, "3": Scope.RULE}  # noqa: RUF012
    WORDS = {  # noqa: RUF012
        Scope.DOCUMENT: "every open finding of this document",
        Scope.FIX: "every same fix",
        Scope.RULE: "every open finding of this rule",
    }

    def __init__(self, verdict: Verdict, counts: dict[Scope, int], standing: dict[Scope, str], *, line: bool = False) -> None:
        super().__init__()
        self._verdict, self._counts, self._standing = verdict, counts, standing
        self._words = self.WORDS | ({Scope.FIX: "this line, everywhere in this folder"} if line else {})
        self._scope: Scope | None = None

    def compose(self) -> ComposeResult:
        """The scopes with their counts, then the question."""
        lines = [
            f"[reverse] {key} [/] {self._words[scope]} ({self._counts[scope]:,}){self._standing.get(scope, '')}"
            for key, scope in self.KEYS.items()
        ]
        with Vertical():
            yield Label(f"{self._verdict.value.capitalize()} …")
            yield Static("\n".join(lines))
            yield Static("Escape to cancel", id="question", classes="hint")

    def on_key(self, event: events.Key) -> None:
        """A number chooses, y confirms."""
        if event.key in self.KEYS:
            self._scope = self.KEYS[event.key]
            count = self._counts[self._scope]
            noun = "finding" if count == 1 else "findings"
            question = f"{self._verdict.value.capitalize()} {count:,} {noun}: {self._words[self._scope]}?  y yes, n no"
            self.query_one("#question", Static).update(Text(question, "bold"))
        elif event.key == "y" and self._scope:
            self.dismiss(self._scope)
        elif event.key == "n":
            self.dismiss(None)
        event.stop()


class ChoiceDialog(Dialog):
    """Says something and waits for one of a few keys, which it returns."""

    def __init__(self, text: str, keys: dict[str, str]) -> None:
        super().__init__()
        self._text, self._keys = text, keys

    def compose(self) -> ComposeResult:
        """The text and the keys."""
        with Vertical():
            with VerticalScroll():
                yield Static(self._text, markup=False)
            yield Static("   ".join(f"[reverse] {key} [/] {word}" for key, word in self._keys.items()))

    DEFAULT_CSS = "ChoiceDialog VerticalScroll { height: auto; max-height: 20; }"

    def on_key(self, event: events.Key) -> None:
        """Return the key that was pressed."""
        if event.key in self._keys:
            self.dismiss(event.key)
            event.stop()


class FilterDialog(Dialog):
    """Asks which findings to show."""

    DEFAULT_CSS = "FilterDialog Input { height: 3; } FilterDialog Checkbox { border: none; }"

    def __init__(self, current: Filter) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        """A field for each part of the filter."""
        current = self._current
        with Vertical(), VerticalScroll():
            yield Label(f"Kinds: {' '.join(Kind)}")
            yield Input(" ".join(sorted(current.kinds)), placeholder="all", id="kinds")
            yield Label("Rule, or a part of its id")
            yield Input(current.rule, placeholder="all", id="rule")
            yield Label("File, or a part of its path")
            yield Input(current.file, placeholder="all", id="file")
            yield Label("Confidence in per cent, at least")
            yield Input(f"{current.min_confidence:.0%}".rstrip("%"), id="confidence")
            yield Checkbox("Show decided and retired findings, too", current.decided, id="decided")
            yield Label("Enter to apply, Tab to go on, Escape to cancel", classes="hint", id="hint")

    def on_input_submitted(self) -> None:
        """Return the filter, or say what is wrong with it."""
        values = {name: self.query_one(f"#{name}", Input).value.strip() for name in ("kinds", "rule", "file", "confidence")}
        kinds = values["kinds"].replace(",", " ").split()
        wrong = [kind for kind in kinds if kind not in list(Kind)]
        confidence = values["confidence"].rstrip("% ") or "0"
        if wrong or not confidence.isdecimal() or int(confidence) > 100:
            what = f"no kind {wrong[0]!r}" if wrong else "confidence is a number from 0 to 100"
            self.query_one("#hint", Label).update(Text(what, "bold red"))
            return
        self.dismiss(
            Filter(
                kinds=frozenset(Kind(kind) for kind in kinds),
                rule=values["rule"],
                file=values["file"],
                min_confidence=int(confidence) / 100,
                text=self._current.text,
                decided=self.query_one("#decided", Checkbox).value,
            )
        )


class HelpDialog(Dialog):
    """All keys."""

    DEFAULT_CSS = "HelpDialog > Vertical { height: 90%; }"

    def __init__(self, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """A key a line."""
        text = Text("Keys\n", "bold")
        for key, what in self._keys:
            text.append(f"{key:>12}  ", "bold").append(f"{what}\n")
        text.append("\n· open   ✓ accepted   ✗ rejected   ≡ retired, another finding has its text\n")
        text.append("[-old-]{+new+} the change; what is underlined are other open findings\n")
        text.append("Keys can be changed in the configuration: [tool.cleaner.review.keys]", "dim")
        with Vertical(), VerticalScroll(can_focus=True):
            yield Static(text)
