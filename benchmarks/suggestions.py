"""How fast the speller finds what a word was meant to be, and how often it is right, beside symspellpy with its own dictionary."""

import random
import string
import time
from collections.abc import Callable, Iterable
from importlib.resources import files
from operator import truediv
from pathlib import Path
from statistics import median

from symspellpy import SymSpell, Verbosity

from benchmarks.data import rows
from cleaner import languages
from cleaner.languages.lexicon import RAREST_MEANT
from cleaner.spelling import Speller

WORDS = 5_000
ROUNDS = 15
"""Rounds over the words, all sides in turn: the median counts, and of rates beside each other that of the rounds."""
FIRST = 5

Suggest = Callable[[str], list[str]]
Pair = tuple[str, str]
"""A misspelling and the word that was meant."""


def print_suggestions(data: Path) -> None:
    """Print a table for each sort of misspellings; what was meant is a word that both sides offer, its misspelling none that either knows."""
    peers = {distance: load_symspell(distance) for distance in (1, 2)}
    lexicon = languages.get("en").lexicon
    known = peers[1].words
    offered = {word for word in known if lexicon.is_word(word) and lexicon.zipf(word) > RAREST_MEANT}
    sides = {"cleaner": suggest_by_cleaner()} | {
        f"symspellpy, distance {distance}": suggest_by_symspell(peer, distance) for distance, peer in peers.items()
    }

    def fair(pairs: Iterable[Pair]) -> Iterable[Pair]:
        for wrong, right in pairs:
            if right in offered and wrong not in known and not lexicon.is_word(wrong):
                yield wrong, right

    words = sorted(word for word in offered if len(word) > 3)
    chance = random.Random(1)
    slips = [*fair((with_slip(word, chance), word) for word in chance.sample(words, 2 * WORDS))][:WORDS]
    print_table("random slips in dictionary words", slips, sides)
    people = [(row["wrong"].lower(), row["right"].lower()) for row in rows(data / "typos/typos_pairs.jsonl")]
    print_table("misspellings of learners", [*dict.fromkeys(fair(people))], sides)


def load_symspell(distance: int) -> SymSpell:
    """A symspellpy with the dictionary that it ships."""
    peer = SymSpell(max_dictionary_edit_distance=distance)
    peer.load_dictionary(str(files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)
    return peer


def suggest_by_cleaner() -> Suggest:
    """The speller."""
    speller = Speller(languages.get("en"))
    return lambda word: [candidate.text for candidate in speller.candidates(word)]


def suggest_by_symspell(peer: SymSpell, distance: int) -> Suggest:
    """The nearest words of symspellpy."""
    return lambda word: [found.term for found in peer.lookup(word, Verbosity.CLOSEST, max_edit_distance=distance)]


def with_slip(word: str, chance: random.Random) -> str:
    """`word` with a letter less, a letter more, another letter, or two letters swapped."""
    at, letter = chance.randrange(len(word)), chance.choice(string.ascii_lowercase)
    before, here, after = word[:at], word[at], word[at + 1 :]
    return before + chance.choice([after, letter + here + after, letter + after, after[:1] + here + after[1:]])


def print_table(what: str, pairs: list[Pair], sides: dict[str, Suggest]) -> None:
    """Words a CPU second, and how often the right one is the first and among the first, by side."""
    spent: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, suggest in sides.items():
            start = time.process_time()
            for wrong, _ in pairs:
                suggest(wrong)
            spent[name].append(time.process_time() - start)
    print(f"\n| {len(pairs):,} {what} | words a CPU second | cleaner's rate beside it | right first | among {FIRST} |")
    print("|---|---|---|---|---|")
    for name, suggest in sides.items():
        found = [(suggest(wrong), right) for wrong, right in pairs]
        first = sum(right in words[:1] for words, right in found) / len(pairs)
        among = sum(right in words[:FIRST] for words, right in found) / len(pairs)
        beside = median(map(truediv, spent[name], spent["cleaner"]))
        print(f"| {name} | {len(pairs) / median(spent[name]):,.0f} | {beside:.1f} | {first:.3f} | {among:.3f} |", flush=True)
