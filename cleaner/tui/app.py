"""The review in a terminal: a list of findings, the article around the current one with the change in place, and the evidence.

The screen holds no decision of its own: every action goes through `ReviewState`, which has it on the disk before the screen moves on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import ProgressBar, Static

from cleaner.decisions import Scope, Verdict
from cleaner.engines.background import BackgroundScan, Broken, Event, Names, Progress
from cleaner.errors import CleanerError, DocumentError
from cleaner.reviewing import Review
from cleaner.text.document import Document
from cleaner.tui import excerpt
from cleaner.tui.clusters import NamesState
from cleaner.tui.dialogs import ChoiceDialog, FilterDialog, HelpDialog, ScopeDialog, TextDialog
from cleaner.tui.list import FindingList
from cleaner.tui.names import NamesScreen
from cleaner.tui.state import Action, Filter, Grouping, Item, Order, Status, perform

_BATCH = 0.1  # seconds between two looks at what the scan found
_REFILL = 0.5  # seconds between two rebuildings of the list while it scans
_DOCUMENTS = 8  # kept in memory

Keys = tuple[str, str, str]

KEYS: tuple[Keys, ...] = (
    ("accept", "y", "accept the first alternative"),
    ("reject", "n", "reject"),
    *((f"alternative_{number}", str(number), f"accept alternative {number}") for number in range(1, 10)),
    ("edit", "e", "type a replacement of your own"),
    ("undo", "u", "undo the last decision, without limit"),
    ("redo", "ctrl+r", "redo"),
    ("skip", "s", "skip for now"),
    ("open_run", "enter", "open a run of litter into its lines, to be decided one by one"),
    ("next", "j,down", "next finding"),
    ("previous", "k,up", "previous finding"),
    ("next_file", "J", "next file"),
    ("previous_file", "K", "previous file"),
    ("page_down", "pagedown", "a page of findings down"),
    ("page_up", "pageup", "a page of findings up"),
    ("article_down", "right_square_bracket", "scroll the article down"),
    ("article_up", "left_square_bracket", "scroll the article up"),
    ("accept_wider", "a", "accept with a wider scope: document, same fix, rule"),
    ("reject_wider", "d", "reject with a wider scope: document, same fix, rule"),
    ("add_name", "i", "it is a name of this folder, spelt as it should be"),
    ("different", "m", "these are two different names, never again"),
    ("names", "l", "the names of this folder and their spellings"),
    ("search", "slash", "search in findings; an empty text shows all"),
    ("filter", "f", "filter by kind, rule, file, confidence"),
    ("order", "o", "another order: place, confidence, rule, same fix"),
    ("group", "v", "another grouping: file, rule, same fix"),
    ("go_to", "g", "go to a finding by number, or to a file by name"),
    ("write", "w", "write the accepted fixes to the files"),
    ("theme", "t", "light or dark"),
    ("help", "question_mark", "all keys"),
    ("quit_review", "q", "quit"),
)
"""Name, default keys and meaning of every action; names are what the configuration remaps."""


class ReviewApp(App[int]):
    """The review; returns the number of open findings that are left."""

    TITLE = "cleaner review"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, name if not name.startswith("alternative_") else f"alternative({name[-1]})", what, id=name, show=False)
        for name, key, what in KEYS
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - so does Textual
    CSS = """
    Screen { layout: vertical; }
    #top { height: 1; layout: horizontal; background: $panel; }
    #counts { width: 1fr; padding: 0 1; }
    #bar { width: 24; height: 1; }
    #body { height: 1fr; }
    #detail { height: 1fr; }
    #article { height: 1fr; border: round $primary; padding: 0 1; }
    #evidence { height: auto; max-height: 45%; border: round $panel-lighten-2; padding: 0 1; }
    #keys { height: 1; background: $panel; padding: 0 1; color: $text-muted; }
    .-narrow #body { layout: vertical; }
    .-narrow FindingList { height: 30%; min-height: 4; }
    .-narrow #evidence { max-height: 8; }
    .-wide #body { layout: horizontal; }
    .-wide FindingList { width: 42%; border: round $primary; }
    .-wide FindingList:focus { border: round $accent; }
    """

    def __init__(
        self,
        review: Review,
        scan: BackgroundScan | None,
        files: int,
        *,
        keys: Mapping[str, str] | None = None,
        theme: str = "",
    ) -> None:
        super().__init__()
        self.review = review
        self.state = review.state
        self._scan = scan
        self._files = files
        self._progress = Progress(0, files) if scan else None
        self._failures: list[str] = []
        self._names: NamesState | None = None
        self._kept: set[int] = set()
        """Items that were decided since the list was last filtered: they stay in sight."""
        self._documents: dict[str, Document | str] = {}
        self._stale = False
        self._proposed: set[str] = set()
        self._filled_at = 0.0
        if theme:
            self.theme = theme
        if keys:
            self.set_keymap(dict(keys))

    def compose(self) -> ComposeResult:
        """Counts and bar, list, article and evidence, and the keys."""
        with Container(id="top"):
            yield Static(id="counts")
            yield ProgressBar(id="bar", show_eta=False, total=1)
        with Container(id="body"):
            yield FindingList(self.state, "list")
            with Vertical(id="detail"):
                with VerticalScroll(id="article", can_focus=False):
                    yield Static(id="text")
                with VerticalScroll(id="evidence", can_focus=False):
                    yield Static(id="why")
        yield Static(id="keys")

    def on_mount(self) -> None:
        """Begin to take in what the scan finds."""
        self._list.focus()
        self._show_keys()
        self._refill(None)
        self._update_counts()
        if self._scan:
            self.set_interval(_BATCH, self._refill_if_stale)
            self._read_scan(self._scan)

    @property
    def _list(self) -> FindingList:
        return self.screen_stack[0].query_one(FindingList)

    # --- the scan

    @work(thread=True, exit_on_error=False)
    def _read_scan(self, scan: BackgroundScan) -> None:
        batch: list[Event] = []
        sent = time.monotonic()
        for event in scan.events():
            batch.append(event)
            if time.monotonic() - sent > _BATCH or (not isinstance(event, Progress) and not self.state.items):
                self.call_from_thread(self._take, batch)
                batch, sent = [], time.monotonic()
        self.call_from_thread(self._take, batch)
        self.call_from_thread(self._end_scan)

    def _take(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Progress):
                self._progress = event
            elif isinstance(event, (Broken, DocumentError)):
                self._failures.append(event.reason if isinstance(event, Broken) else str(event))
                self.notify(self._failures[-1], severity="error", timeout=10)
            elif isinstance(event, Names):
                self._names = NamesState.of(self.state, event.clusters)
            elif self.state.add(event):
                self._stale = True
        if self._stale and not self._list.items:
            self._refill_if_stale()
        self._update_counts()

    def _end_scan(self) -> None:
        self._progress = None
        self._filled_at = 0.0
        self._refill_if_stale()
        self._update_counts()
        if self._list.current is None:
            self._show(None)

    def _refill_if_stale(self) -> None:
        if self._stale and time.monotonic() - self._filled_at > _REFILL:
            self._refill(self._list.current)

    # --- drawing

    def _refill(self, keep: Item | None) -> None:
        """Build the list anew."""
        self._stale = False
        self._filled_at = time.monotonic()
        self._list.fill(self.state.visible(self._kept), keep)

    def on_finding_list_moved(self, message: FindingList.Moved) -> None:
        """Show the item that the cursor is on."""
        self._show(message.item)

    def _show(self, item: Item | None) -> None:
        text, why = self.query_one("#text", Static), self.query_one("#why", Static)
        article = self.query_one("#article", VerticalScroll)
        self._update_counts()
        if item is None:
            article.border_title = ""
            text.update(self._nothing())
            why.update("")
            return
        article.border_title = Text(f"{item.path}  ", "bold").plain
        why.update(excerpt.evidence(self.state, item))
        document = self._document(item.path)
        if isinstance(document, str):
            text.update(Text(document, "bold red"))
            return
        shown, line = excerpt.marked(document.readable, self.state, item)
        text.update(shown)
        article.border_subtitle = f"line {document.position(item.finding.core.start).line}"
        self.call_after_refresh(partial(self._bring_into_sight, article, shown, line))

    @staticmethod
    def _bring_into_sight(article: VerticalScroll, shown: Text, line: int) -> None:
        """Scroll to the change, a third of the height from the top; long lines are wrapped."""
        width = max(20, article.scrollable_content_region.width)
        above = sum(max(1, -(-len(part) // width)) for part in shown.plain.split("\n")[:line])
        within = shown.plain.split("\n")[line] if shown.plain else ""
        offset = max(0, within.find("[-")) // width
        article.scroll_to(y=max(0, above + offset - article.size.height // 3), animate=False)

    def _nothing(self) -> Text:
        if self._progress:
            return Text("Reading the articles …", "dim")
        if not self.state.items:
            return Text("Nothing found. q to quit", "bold green")
        if self.state.open_count:
            return Text("No finding fits the search or filter. / and f to change them", "dim")
        return Text("Every finding is decided. w to write the accepted fixes, q to quit", "bold green")

    def _document(self, path: str) -> Document | str:
        """The original of an article, or why it cannot be shown."""
        found = self._documents.get(path)
        if found is None:
            try:
                found = self.review.original(path)
            except CleanerError as error:
                return str(error)
            while len(self._documents) >= _DOCUMENTS:
                del self._documents[next(iter(self._documents))]
            self._documents[path] = found
        return found

    def _update_counts(self) -> None:
        state, top = self.state, self.screen_stack[0]
        done = state.done_count
        total = done + state.open_count
        parts = [f"{done:,} of {total:,} done"]
        place = self._list.place
        if self._list.items:
            parts.append(f"{place + 1:,}/{len(self._list.items):,} shown")
        parts.append(f"by {state.grouping.value}, {state.order.value} order")
        if state.filter != Filter():
            parts.append("filtered" + (f" /{state.filter.text}" if state.filter.text else ""))
        if self._progress:
            parts.append(f"scanning {self._progress.done * 100 // max(1, self._progress.of)}%")
        if self._failures:
            parts.append(f"{len(self._failures)} not read")
        top.query_one("#counts", Static).update("  ·  ".join(parts))
        top.query_one("#bar", ProgressBar).update(total=max(1, total), progress=done if total else 0)

    def _show_keys(self) -> None:
        help_ = [("accept", "accept"), ("reject", "reject"), ("edit", "edit"), ("undo", "undo"), ("skip", "skip")]
        help_ += [("write", "write"), ("help", "help"), ("quit_review", "quit")]
        text = Text()
        for name, word in help_:
            text.append(self._key_of(name), "bold").append(f" {word}  ")
        text.append("1-9", "bold").append(" other  ").append(self._key_of("search"), "bold").append(" search")
        self.query_one("#keys", Static).update(text)

    def _key_of(self, name: str) -> str:
        key = self._keymap.get(name) or next(key for other, key, _ in KEYS if other == name)
        names = {"slash": "/", "question_mark": "?", "left_square_bracket": "[", "right_square_bracket": "]"}
        return "/".join(names.get(each, each) for each in key.split(","))

    # --- deciding

    def _perform(self, action: Action, *, move: bool = True) -> None:
        """Do something with the current item; what cannot be saved is said, and nothing is done."""
        item = self._list.current
        if item is None and action.name not in {"undo", "redo"}:
            return
        try:
            changed = perform(self.state, item or self.state.items[0], action)
        except (CleanerError, ValueError) as error:
            self.notify(str(error), severity="error", title="Not done", timeout=10)
            return
        self._kept.update(each.number for each in changed)
        self._kept.update(rival.number for each in changed for rival in each.rivals)
        if action.name in {"undo", "redo"}:
            if not changed:
                self.notify(f"nothing to {action.name}")
            elif not self._list.move_to_item(changed[0]):
                self._refill(changed[0])
            else:
                self._show(self._list.current)
            self._list.refresh()
            return
        rejected = item is not None and self.state.status(item) is Status.REJECTED
        if item is not None and any(not rival.preferred for rival in item.rivals) and rejected:
            self._refill(item)  # what gave way to it comes back
        if rejected and item is not None:
            self._propose_off(item)
        if move:
            self._list.move_to(self.state.next_open(self._list.items, self._list.place))
        else:
            self._show(self._list.current)
        self._list.refresh()

    def _propose_off(self, item: Item) -> None:
        rule = item.finding.rule_id
        accepted, rejected = self.state.statistics.get(rule, (0, 0))
        if rule not in self._proposed and self.state.unwelcome(rule):
            self._proposed.add(rule)
            key = self._key_of("reject_wider")
            self.notify(
                f"{rejected} of {accepted + rejected} findings of {rule} were rejected. {key} 3 y rejects the rule for this folder.",
                title="Switch this rule off?",
                severity="warning",
                timeout=12,
            )

    def action_accept(self) -> None:
        """Accept the first alternative; advice needs a replacement of one's own."""
        item = self._list.current
        if item is not None and item.fix is None:
            self.action_edit()
        else:
            self._perform(Action("accept"))

    def action_alternative(self, number: int) -> None:
        """Accept another alternative."""
        item = self._list.current
        if item is None:
            return
        if number > len(item.replacements):
            self.notify(f"there is no alternative {number}")
        else:
            self._perform(Action("accept", item.replacements[number - 1]))

    def action_reject(self) -> None:
        """Reject."""
        self._perform(Action("reject"))

    def action_skip(self) -> None:
        """Pass over for now."""
        self._perform(Action("skip"))

    def action_open_run(self) -> None:
        """Open a run of litter into its lines."""
        item = self._list.current
        lines = self.state.open_run(item) if item else []
        if item is None or not lines:
            self.notify("this is no open run of lines")
            return
        self._kept.add(item.number)
        self._refill(lines[0])

    def action_undo(self) -> None:
        """Take the last decision back."""
        self._perform(Action("undo"))

    def action_redo(self) -> None:
        """Do it again."""
        self._perform(Action("redo"))

    def action_add_name(self) -> None:
        """The text is a name of this folder."""
        self._perform(Action("name"))

    def action_different(self) -> None:
        """The text and its fix are two names."""
        self._perform(Action("different"))

    def action_names(self) -> None:
        """Decide over the spellings of names."""

        def look(_: None) -> None:
            self._refill(self._list.current)

        if self._names is None and self._scan is None:
            self._names = NamesState.of(self.state, ())
        if self._names is None:
            self.notify("the names are known when every article was read")
        else:
            self.push_screen(NamesScreen(self._names), look)

    def action_edit(self) -> None:
        """Ask for a replacement."""
        item = self._list.current
        if item is None:
            return
        current = item.chosen.replacement if item.chosen else None
        start = current if current is not None else item.fix if item.fix is not None else item.finding.matched

        def take(text: str | None) -> None:
            if text is not None and self._list.current is item:
                self._perform(Action("accept", text))

        self.push_screen(TextDialog(f"Replace “{excerpt.short(item.finding.matched)}” by", start), take)

    def action_accept_wider(self) -> None:
        """Accept with a wider scope."""
        self._ask_scope(Verdict.ACCEPT)

    def action_reject_wider(self) -> None:
        """Reject with a wider scope."""
        self._ask_scope(Verdict.REJECT)

    def _ask_scope(self, verdict: Verdict) -> None:
        item = self._list.current
        if item is None:
            return
        counts = {scope: len(self.state.within(item, scope)) for scope in (Scope.DOCUMENT, Scope.FIX, Scope.RULE)}
        later = "; also in articles to come"
        standing = (
            {Scope.FIX: later, Scope.RULE: later}
            if verdict is Verdict.REJECT
            else {Scope.FIX: "; a rule of this folder from now on"}
        )

        def take(scope: Scope | None) -> None:
            if scope and self._list.current is item:
                name = "accept" if verdict is Verdict.ACCEPT else "reject"
                self._perform(Action(name, scope=scope))

        self.push_screen(ScopeDialog(verdict, counts, standing, line=item.finding.is_removal and not item.parts), take)

    # --- moving

    def action_next(self) -> None:
        """The next finding."""
        self._list.move_to(self._list.place + 1)

    def action_previous(self) -> None:
        """The previous finding."""
        self._list.move_to(self._list.place - 1)

    def action_next_file(self) -> None:
        """The next file."""
        self._list.move_by_file(1)

    def action_previous_file(self) -> None:
        """The previous file."""
        self._list.move_by_file(-1)

    def action_page_down(self) -> None:
        """A page of findings down."""
        self._list.move_to(self._list.place + max(1, self._list.size.height - 1))

    def action_page_up(self) -> None:
        """A page of findings up."""
        self._list.move_to(self._list.place - max(1, self._list.size.height - 1))

    def action_article_down(self) -> None:
        """Scroll the article."""
        self.query_one("#article", VerticalScroll).scroll_relative(y=5, animate=False)

    def action_article_up(self) -> None:
        """Scroll the article."""
        self.query_one("#article", VerticalScroll).scroll_relative(y=-5, animate=False)

    def action_go_to(self) -> None:
        """Go to a finding or a file."""

        def take(text: str | None) -> None:
            if not text:
                return
            if text.isdecimal():
                self._list.move_to(int(text) - 1)
                return
            found = next((item for item in self._list.items if text.casefold() in item.path.casefold()), None)
            if found is None or not self._list.move_to_item(found):
                self.notify(f"no file with findings has {text!r} in its name")

        self.push_screen(TextDialog("Go to", hint="the number of a finding in the list, or a part of a file's name"), take)

    # --- what is shown

    def _look(self, change: Callable[[], None]) -> None:
        """Change what is shown, and keep the cursor where it was if that is still there."""
        current = self._list.current
        change()
        self._kept.clear()
        self._refill(current)

    def action_search(self) -> None:
        """Search in texts, messages and fixes."""

        def take(text: str | None) -> None:
            if text is not None:
                self._look(lambda: setattr(self.state, "filter", replace(self.state.filter, text=text)))

        self.push_screen(TextDialog("Search in findings", self.state.filter.text, "an empty text shows all"), take)

    def action_filter(self) -> None:
        """Filter by kind, rule, file and confidence."""

        def take(chosen: Filter | None) -> None:
            if chosen is not None:
                self._look(lambda: setattr(self.state, "filter", chosen))

        self.push_screen(FilterDialog(self.state.filter), take)

    def action_order(self) -> None:
        """The next order."""
        orders = list(Order)
        self._look(lambda: setattr(self.state, "order", orders[(orders.index(self.state.order) + 1) % len(orders)]))

    def action_group(self) -> None:
        """The next grouping."""
        groupings = list(Grouping)
        following = groupings[(groupings.index(self.state.grouping) + 1) % len(groupings)]
        self._look(lambda: setattr(self.state, "grouping", following))

    def action_theme(self) -> None:
        """Light or dark."""
        self.theme = "textual-light" if self.current_theme.dark else "textual-dark"

    def action_help(self) -> None:
        """All keys."""
        keys = [(self._key_of(name), what) for name, _, what in KEYS if not name.startswith("alternative_")]
        keys.insert(2, ("1-9", "accept this alternative"))
        self.push_screen(HelpDialog([*keys, ("ctrl+p", "command palette")]))

    def get_system_commands(self, screen: Screen[object]) -> Iterator[SystemCommand]:
        """Every action is in the command palette."""
        yield from super().get_system_commands(screen)
        for name, _, what in KEYS:
            if not name.startswith("alternative_"):
                yield SystemCommand(f"{what[0].upper()}{what[1:]}", f"key {self._key_of(name)}", getattr(self, f"action_{name}"))

    # --- writing and leaving

    def action_write(self) -> None:
        """Write the accepted fixes."""
        paths = self.review.unwritten()
        if not paths:
            self.notify("there is nothing to write")
            return
        results = self.review.write(paths)
        fixes = sum(result.fixes for result in results)
        files = sum(result.error is None for result in results)
        self.notify(f"{fixes:,} fixes in {files:,} files", title="Written")
        errors = [str(result.error) for result in results if result.error]
        if errors:
            self.push_screen(ChoiceDialog("Not written:\n" + "\n".join(errors), {"escape": "go on"}))

    def action_quit_review(self) -> None:
        """Quit; ask if something is unwritten."""
        paths = self.review.unwritten()
        if not paths:
            self._leave()
            return

        def take(key: str | None) -> None:
            if key == "w":
                results = self.review.write(paths)
                if any(result.error for result in results):
                    errors = "\n".join(str(result.error) for result in results if result.error)
                    self.push_screen(ChoiceDialog(f"Not written:\n{errors}", {"q": "quit all the same", "escape": "stay"}), take)
                    return
                self._leave()
            elif key == "q":
                self._leave()

        text = f"Accepted fixes in {len(paths):,} {'file is' if len(paths) == 1 else 'files are'} not written. The decisions are kept either way."
        self.push_screen(ChoiceDialog(text, {"w": "write and quit", "q": "quit", "escape": "stay"}), take)

    def _leave(self) -> None:
        if self._scan:
            self._scan.stop()
        self.exit(self.state.open_count)
