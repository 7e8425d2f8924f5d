"""Which LanguageTool a run uses: ``auto`` takes the warm server or else the installed one, ``off`` none, an address the server there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.errors import CleanerError
from cleaner.languagetool.folder import data_folder

if TYPE_CHECKING:
    from cleaner.languagetool.checker import GrammarSource

AUTO, OFF = "auto", "off"
_FEW = 150  # articles
_ABSENT = "not checked: grammar by LanguageTool, which is not installed (cleaner languagetool install; --grammar off is content without)"


@contextmanager
def chosen(
    setting: str, *, articles: int, cached: bool, silent: bool, tell: Callable[[str], None]
) -> Iterator[GrammarSource | None]:
    """The source of grammar for a run over so many articles; None where there is none, which `tell` hears with the reason.

    An installed LanguageTool is started when the first paragraph is asked about that nothing is remembered of, and ended with the block.
    """
    if setting == OFF:
        yield None
        return
    if setting == AUTO and not data_folder().is_dir():
        tell(_ABSENT)
        yield None
        return
    from cleaner.languagetool import warm
    from cleaner.languagetool.checker import GrammarSource
    from cleaner.languagetool.server import Endpoint

    if setting != AUTO:
        yield GrammarSource(Endpoint(setting.rstrip("/")), cached)
        return
    other = warm.running()
    if other:
        tell(f"grammar is checked by the running LanguageTool {other.version}")
        yield GrammarSource(other.endpoint, cached)
        return
    with ExitStack() as stack:
        yield _own(stack, articles, cached=cached, silent=silent, tell=tell)


def _own(stack: ExitStack, articles: int, *, cached: bool, silent: bool, tell: Callable[[str], None]) -> GrammarSource | None:
    import tempfile

    from cleaner.languagetool import installation
    from cleaner.languagetool.checker import GrammarSource
    from cleaner.languagetool.server import Server

    here = installation.installed()
    if here is None:
        tell(_ABSENT)
        return None
    note = f"cleaner: starting LanguageTool {here.version} for the grammar (cleaner languagetool serve keeps it warm) …"
    try:
        java = installation.java_path()
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="cleaner-", ignore_cleanup_errors=True))
        log = Path(folder) / "server.log"
        server = Server.of(here.jar, here.version, java, log=log, quick=articles < _FEW, note=note, silent=silent)
    except CleanerError as error:
        tell(f"not checked: grammar by LanguageTool: {error}")
        return None
    return GrammarSource(stack.enter_context(server).endpoint, cached)
