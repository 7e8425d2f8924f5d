"""The names of a folder on a screen: one group a name, with the spellings that are taken for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cleaner.errors import CleanerError
from cleaner.names.variants import Spelling
from cleaner.tui.clusters import NamesState

Change = Callable[[int, int], None]
"""What to do with a group and one of its members, by their numbers."""

_KEYS = (
    ("y", "confirm", "right as it is"),
    ("c", "choose", "this spelling is right"),
    ("x", "drop", "another name"),
    ("p", "split", "all different names"),
    ("m", "mark", "merge: mark one, then the other"),
    ("u", "undo", "undo"),
    ("escape,q", "back", "back"),
)


class NamesScreen(ModalScreen[None]):
    """Decides over groups of spellings; each decision is saved at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, name, what, show=False) for key, name, what in _KEYS),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
    ]
    DEFAULT_CSS = """
    NamesScreen OptionList { height: 1fr; border: round $primary; background: $background; }
    NamesScreen Static { height: auto; background: $panel; padding: 0 1; }
    """

    def __init__(self, state: NamesState) -> None:
        super().__init__()
        self._state = state
        self._rows: list[tuple[int, int]] = []
        """The group and the member that each row shows."""
        self._marked: int | None = None

    def compose(self) -> ComposeResult:
        """A heading, the groups, and the keys."""
        yield Static("Names of this folder, and the spellings that are taken for them", id="heading")
        yield OptionList(markup=False)
        keys = Text()
        for key, _, what in _KEYS:
            keys.append(key.partition(",")[0], "bold").append(f" {what}   ")
        yield Static(keys)

    def on_mount(self) -> None:
        """Show the groups."""
        self._fill(0)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def _fill(self, row: int) -> None:
        self._rows = []
        options: list[Option] = []
        for number, group in enumerate(self._state.groups):
            for member, spelling in enumerate(group.members):
                self._rows.append((number, member))
                options.append(Option(self._line(number, member, spelling)))
        self._list.clear_options()
        self._list.add_options(options or [Option("No name of this folder stands in two spellings.", disabled=True)])
        if self._rows:
            self._list.highlighted = min(row, len(self._rows) - 1)

    def _line(self, number: int, member: int, spelling: Spelling) -> Text:
        group = self._state.groups[number]
        count = spelling.count
        counted = f"{count.total} in {count.documents} file{'s' * (count.documents != 1)}" if count.documents else ""
        if member:
            return Text(f"      {spelling.form:<28} {counted:>16}")
        sign = "+" if number == self._marked else "✓" if group.decided else " "
        line = Text(f" {sign}  ")
        line.append(f"{spelling.form:<30}", "bold").append(f" {counted:>16}")
        return line.append(f"  {spelling.authority.name.lower().replace('_', ' ')}", "dim") if spelling.authority else line

    # --- actions

    def action_move(self, by: int) -> None:
        """The next or previous row."""
        if self._rows:
            self._list.highlighted = max(0, min(len(self._rows) - 1, (self._list.highlighted or 0) + by))

    def action_confirm(self) -> None:
        """The group is right."""
        self._change(lambda number, _: self._state.confirm(number))

    def action_choose(self) -> None:
        """This spelling is the right one."""
        self._change(self._state.choose)

    def action_drop(self) -> None:
        """This spelling is another name."""
        self._change(self._state.drop)

    def action_split(self) -> None:
        """All spellings are different names."""
        self._change(lambda number, _: self._state.split(number))

    def action_mark(self) -> None:
        """Mark a group, or merge this one with the marked one."""
        place = self._place()
        if place is None:
            return
        if self._marked is None:
            self._marked = place[0]
            self._fill(self._list.highlighted or 0)
            return
        marked, self._marked = self._marked, None
        self._change(lambda number, _: self._state.merge(marked, number))

    def action_undo(self) -> None:
        """Take the last change of this screen back."""
        if not self._state.undo():
            self.notify("nothing to undo here")
        self._fill(self._list.highlighted or 0)

    def action_back(self) -> None:
        """To the findings."""
        self.dismiss()

    def _place(self) -> tuple[int, int] | None:
        row = self._list.highlighted
        return self._rows[row] if row is not None and row < len(self._rows) else None

    def _change(self, change: Change) -> None:
        place = self._place()
        if place is None:
            return
        try:
            change(*place)
        except (CleanerError, ValueError) as error:
            self.notify(str(error), severity="error", title="Not done", timeout=10)
        self._fill(self._list.highlighted or 0)
