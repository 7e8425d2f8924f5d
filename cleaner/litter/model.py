"""How likely a line that no rule knows is no part of its article: a logistic model over features that anyone can read.

The weights stand in ``weights.json`` beside this module and are fitted by ``benchmarks/fit_litter.py``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from cleaner.expressions import expression
from cleaner.litter.lines import Lines, strangeness
from cleaner.names.model import probability
from cleaner.text.article import Article

LONGEST = 500
_SHORT = 220  # code points; what is longer and has a verb is a sentence, even where a mark or a source ends it
_ADDRESS = frozenset("you your yours we us our ours you're we'll we're we'd you'll you've".split())
_SITE = frozenset(
    """account ad ads advert advertise advertisement advertising affiliate alerts app apps archives article articles author banner blog blogs bookmark
    browser captcha caption careers categories category checkbox click comment commenters commenting comments consent contact contributor contributors
    cookie cookies copyright disclaimer donate download ebook editor editorial email emails e-mail episode episodes facebook featured feedback
    filed flipboard follow followers footer forum forums galleries gallery getty headlines homepage image images inbox instagram javascript
    linkedin links listen loading login logo magazine membership menu moderated moderation newsletter newsletters newsroom notifications online
    opt-in page pages password photo photos pinterest playlist podcast podcasts policy posted posts privacy profile promo promotion promotions
    published publisher quiz readers recaptcha recommended reddit refresh register related reporter reprint republish roundup rss scroll shop shopping
    sidebar sign signing site sites sitemap slideshow snapchat sponsored sponsors stories story subscribe subscribed subscriber subscribers subscription
    subscriptions tag tagged tags tap telegram terms tiktok toggle trending tweet tweets twitter unsubscribe unsupported updated updates url user
    users via video videos viewers watch webinar website weekly whatsapp widget widgets youtube""".split()
)
_CALLS = frozenset(
    """add browse buy check click come connect contact continue copy discover don't donate download email enter explore fill find follow get give
    have help join keep learn let like listen load log love make need play please read register save search see send share shop show sign
    sorry stay submit subscribe support take tap thank thanks try tweet unlock update view visit want watch welcome write""".split()
)
_MARKS = expression(r"[|»›>→▶►©@•·\[\]✓★☰⋮🔥]|https?:|www\.|\.(?:com|org|net|co\.uk)\b|[\U0001F300-\U0001FAFF]")
_AGENCIES = expression(
    r"\b(?:AP|AFP|EPA|Reuters|Getty|REUTERS|Shutterstock|Bloomberg|NASA|Images?|File|FILE|Photo|Photograph|iStock|Pool)\b"
)
_QUOTES = "“\"„«‘'"
WORDS = {
    "address": "speaks to the reader",
    "agency": "names an agency of pictures",
    "all-capitals": "in capitals",
    "beside": "beside other lines of the site",
    "between": "between other lines of the site",
    "call": "an invitation",
    "call-to-reader": "an invitation",
    "digits": "mostly figures",
    "head": "above the text",
    "last": "the last line",
    "litter": "in an article with other lines of the site",
    "litter-share": "in an article with other lines of the site",
    "marks": "with marks of a web page",
    "names-only": "nothing but names",
    "recurs": "stands in other articles, too",
    "run": "in a run of lines without an end",
    "run-in-tail": "in a run of lines without an end",
    "site-and-address": "speaks to the reader of the site",
    "site-share": "words of a site",
    "site-words": "words of a site",
    "strange": "of words found nowhere else in the article",
    "strange-in-tail": "of words found nowhere else in the article",
    "tail": "below the text",
    "title-case": "in title case",
    "unended": "without an end",
    "unended-beside": "beside other lines of the site",
    "unended-in-tail": "below the text, without an end",
}
"""The features that may speak for a site, as evidence."""


@cache
def weights() -> dict[str, float]:
    """The fitted weights by feature, `bias` included."""
    found: dict[str, float] = msgspec.json.decode(Path(__file__).with_name("weights.json").read_bytes())
    return found


def is_candidate(lines: Lines, number: int) -> bool:
    """Whether the model has a say: of a line that is short, does not end, or speaks to the reader.

    Never of the first line, nor of what tells something above the text: headlines and standfirsts.
    """
    text = lines.text(number)
    if not number or len(text) > LONGEST or lines.is_own_headline(number):
        return False
    words = set(lines.forms(number))
    if number < lines.head and lines.has_verb(number):
        return bool(words & _ADDRESS)
    tells = lines.is_full(number) or (len(text) > _SHORT and lines.has_verb(number))
    return not tells or (bool(words & _ADDRESS) and len(words & _SITE) > 1)


def features(article: Article, lines: Lines, number: int, recurs: int, taken: Sequence[bool]) -> dict[str, float]:
    """What speaks for and against a line; `recurs` is in how many articles it stands, `taken` which lines are known to be litter."""
    text, written, words = lines.text(number), lines.words(number), lines.forms(number)
    count = max(1, len(words))
    site = sum(word in _SITE for word in words)
    address = sum(word in _ADDRESS for word in words)
    unended, tail, head = lines.is_unended(number), number >= lines.tail > 0, number < lines.head
    beside = sum(0 <= other < len(taken) and taken[other] for other in (number - 1, number + 1))
    strange = strangeness(article, words)
    found = {
        "log-words": math.log(count),
        "one-or-two-words": count < 3,
        "unended": unended,
        "title-case": lines.is_title_case(number),
        "all-capitals": text.isupper(),
        "verb": lines.has_verb(number),
        "address": min(address, 3),
        "site-words": min(site, 4),
        "site-share": site / count,
        "call": bool(words) and words[0] in _CALLS,
        "call-to-reader": bool(words) and words[0] in _CALLS and address + site > 1,
        "site-and-address": min(site, 3) * min(address, 2),
        "marks": bool(_MARKS.search(text)),
        "agency": bool(_AGENCIES.search(text)),
        "digits": sum(char.isdigit() for char in text) / len(text),
        "colon": text.endswith(":"),
        "exclamation": text.endswith("!"),
        "question": text.endswith("?"),
        "quoted": text[0] in _QUOTES,
        "bulleted": text[0] in "-•*–—·",
        "no-letters": not words,
        "names-only": 0 < len(written) < 5 and all(word[0].isupper() for word in written),
        "head": head,
        "tail": tail,
        "last": number == len(article.paragraphs) - 1,
        "unended-in-tail": unended and tail,
        "unended-beside": unended and beside > 0,
        "beside": beside,
        "between": beside == 2,
        "run": _run(lines, number) if unended else 0,
        "run-in-tail": _run(lines, number) if unended and tail else 0,
        "strange": strange,
        "strange-in-tail": strange * tail * unended,
        "between-text": 0 < number < len(lines.rules) - 1 and lines.is_full(number - 1) and lines.is_full(number + 1),
        "litter": min(1.0, (sum(taken) - taken[number]) / 5),
        "litter-share": (sum(taken) - taken[number]) / len(taken),
        "recurs": math.log2(max(1, recurs)),
    }
    return {name: float(value) for name, value in found.items() if value}


def _run(lines: Lines, number: int) -> float:
    """How many lines without an end stand together here, in eighths."""
    first = last = number
    while first > 1 and number - first < 8 and lines.is_unended(first - 1):
        first -= 1
    while last + 1 < len(lines.rules) and last - number < 8 and lines.is_unended(last + 1):
        last += 1
    return min(8, last - first) / 8


def litter_probability(found: dict[str, float]) -> float:
    """The probability that a line with these features is no part of its article."""
    return probability(found, weights())


def reasons(found: dict[str, float]) -> list[str]:
    """The features that speak most for a line's being a site's, in words."""
    shares = {name: value * weights().get(name, 0.0) for name, value in found.items()}
    best = sorted((name for name in shares if shares[name] > 0 and name in WORDS), key=lambda name: -shares[name])
    return [", ".join(dict.fromkeys(WORDS[name] for name in best[:4]))] if best else []
