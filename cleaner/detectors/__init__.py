"""The detectors. To add one: write its module, and name it here."""

from cleaner.detectors.agreement import AgreementDetector
from cleaner.detectors.apostrophes import ApostropheDetector
from cleaner.detectors.base import Detector, Evidence
from cleaner.detectors.debris import DebrisDetector
from cleaner.detectors.gender import GenderDetector
from cleaner.detectors.litter import LitterDetector
from cleaner.detectors.mixed import MixedDetector
from cleaner.detectors.names import NamesDetector
from cleaner.detectors.numbers import NumbersDetector
from cleaner.detectors.repeats import RepeatsDetector
from cleaner.detectors.roles import RolesDetector
from cleaner.detectors.typography import TypographyDetector
from cleaner.detectors.typos import TyposDetector
from cleaner.detectors.wording import WordingDetector

ALL: tuple[type[Detector], ...] = (
    TyposDetector,
    NamesDetector,
    WordingDetector,
    NumbersDetector,
    RolesDetector,
    GenderDetector,
    LitterDetector,
    MixedDetector,
    RepeatsDetector,
    TypographyDetector,
    ApostropheDetector,
    DebrisDetector,
    AgreementDetector,
)

__all__ = ["ALL", "Detector", "Evidence"]
