"""The list of findings: it draws only the lines in sight, so that twenty thousand findings cost no more than twenty."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from cleaner.tui.excerpt import SIGNS, STYLES, title
from cleaner.tui.state import Item, ReviewState

_KIND_WIDTH = 11


class FindingList(ScrollView, can_focus=True, inherit_bindings=False):
    """Items under headings. `rows` holds an item or the text of a heading a line; the cursor is always on an item."""

    COMPONENT_CLASSES = {"list--heading", "list--cursor", "list--kind"}  # noqa: RUF012 - so does Textual
    DEFAULT_CSS = """
    FindingList { overflow-x: hidden; }
    FindingList > .list--heading { color: $text-accent; text-style: bold; }
    FindingList > .list--kind { color: $text-muted; }
    FindingList > .list--cursor { background: $primary 40%; text-style: bold; }
    """

    class Moved(Message):
        """The cursor is on another item."""

        def __init__(self, item: Item | None) -> None:
            super().__init__()
            self.item = item

    def __init__(self, state: ReviewState, widget_id: str) -> None:
        super().__init__(id=widget_id)
        self._state = state
        self.rows: list[Item | str] = []
        self.items: list[Item] = []
        self._row_of: dict[int, int] = {}
        self._place_of: dict[int, int] = {}
        self.place = -1
        """The place of the cursor in `items`; -1 where there is none."""

    # --- content

    def fill(self, items: list[Item], keep: Item | None) -> None:
        """Show `items`, with the cursor on `keep` or as near to it as can be."""
        self.items = items
        self.rows = []
        self._row_of = {}
        self._place_of = {item.number: place for place, item in enumerate(items)}
        heading = None
        for item in items:
            group = self._state.group(item)
            if group != heading:
                heading = group
                self.rows.append(group)
            self._row_of[item.number] = len(self.rows)
            self.rows.append(item)
        self.virtual_size = Size(0, len(self.rows))
        kept = self._place_of.get(keep.number) if keep else None
        self.place = min(max(self.place, 0), len(items) - 1) if kept is None else kept
        self.refresh()
        self._tell()

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.place] if 0 <= self.place < len(self.items) else None

    # --- the cursor

    def move_to(self, place: int) -> None:
        """Put the cursor on the item at `place`, or the nearest there is."""
        if not self.items:
            return
        self.place = min(max(place, 0), len(self.items) - 1)
        self._tell()

    def move_to_item(self, item: Item) -> bool:
        """Put the cursor on `item`; whether it is in the list."""
        place = self._place_of.get(item.number)
        if place is not None:
            self.move_to(place)
        return place is not None

    def move_by_file(self, by: int) -> None:
        """Put the cursor on the first item of the next (1) or this or the previous (-1) document."""
        if not self.items:
            return
        place, path = self.place, self.items[self.place].path
        if by > 0:
            while place < len(self.items) - 1 and self.items[place].path == path:
                place += 1
        else:
            place = max(0, place - 1)
            path = self.items[place].path
            while place > 0 and self.items[place - 1].path == path:
                place -= 1
        self.move_to(place)

    def _tell(self) -> None:
        self._bring_into_sight()
        self.refresh()
        self.post_message(self.Moved(self.current))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._bring_into_sight()

    def _bring_into_sight(self) -> None:
        item = self.current
        if item is None:
            return
        row = self._row_of[item.number]
        top = row - 1 if isinstance(self.rows[row - 1], str) else row  # the heading comes with its first item
        offset = self.scroll_offset.y
        wanted = min(top, max(offset, row - max(2, self.scrollable_content_region.height) + 1))
        if wanted != offset:
            self.scroll_to(y=wanted, animate=False, immediate=True)

    # --- drawing

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        row = y + self.scroll_offset.y
        width = self.size.width
        base = self.rich_style
        if row >= len(self.rows):
            return Strip.blank(width, base)
        content = self.rows[row]
        if isinstance(content, str):
            text = content if len(content) <= width else f"…{content[-(width - 1) :]}"
            return Strip([Segment(text, base + self.get_component_rich_style("list--heading"))]).adjust_cell_length(width, base)
        if content is self.current:
            base += self.get_component_rich_style("list--cursor")
        status = self._state.status(content)
        cursor = "❯" if content is self.current else " "
        kind = self.get_component_rich_style("list--kind", partial=True) if content is not self.current else Style()
        segments = [
            Segment(f"{cursor}{SIGNS[status]} ", base + Style.parse(STYLES[status])),
            Segment(f"{content.finding.kind.value:<{_KIND_WIDTH}}", base + kind),
            Segment(title(content, width - _KIND_WIDTH - 3), base),
        ]
        return Strip(segments).adjust_cell_length(width, base)

    # --- the mouse

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is."""
        row = int(event.y) + self.scroll_offset.y
        if 0 <= row < len(self.rows):
            content = self.rows[row]
            if isinstance(content, Item):
                self.move_to_item(content)
