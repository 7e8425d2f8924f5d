"""The site that an article comes from: what its record says, a domain in its path, an agency in its dateline; otherwise its folder."""

from __future__ import annotations

import os
import re

from cleaner.expressions import expression
from cleaner.text.article import Article

_DOMAIN = r"(?:www\.)?(?P<domain>(?:[a-z0-9][a-z0-9-]*\.)+(?:com|org|net|info|news|press|tv|[a-z]{2}))"
_IN_PATH = expression(rf"(?:^|[/\\_ -]){_DOMAIN}(?=[/\\_ -]|$)", re.IGNORECASE)
_IN_URL = expression(rf"(?:https?:)?//{_DOMAIN}(?=[/:?#]|$)", re.IGNORECASE)
_DATELINE = expression(r"\s*[A-Z][\w.,’' /-]{1,60} \((?P<agency>[A-Z][\w.&]+(?: [A-Z][\w.&]+)?)\) ?[-–—:]")
_FIRST_LINES = 4


def site_of(article: Article) -> str:
    """The site of an article; articles of one site have the same."""
    return (
        _site_of_record(article.origin)
        or domain_in(article.document.place)
        or _agency(article)
        or os.path.dirname(article.document.place)
    )


def domain_in(path: str) -> str:
    """The domain that a path names last, its ending left out; empty where there is none."""
    bare = os.path.splitext(path)[0]
    return _domain(_IN_PATH, bare) if "." in bare else ""


def _site_of_record(origin: str) -> str:
    return (_domain(_IN_URL, origin) if "//" in origin else "") or origin.strip().lower()


def _domain(pattern: re.Pattern[str], text: str) -> str:
    found = [match["domain"].lower() for match in pattern.finditer(text)]
    return found[-1] if found else ""


def _agency(article: Article) -> str:
    for line in article.paragraphs[:_FIRST_LINES]:
        if article.text.find(" (", line.start, line.end) < 0:
            continue
        found = _DATELINE.match(article.text, line.start, line.end)
        if found:
            return found["agency"]
    return ""
