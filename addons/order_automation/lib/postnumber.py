"""A buyer's DHL post number (6 to 10 digits) among everything else people type into an address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_I = re.IGNORECASE
_KEYWORD = re.compile(
    r"(?:(?:post|kunden|kd|dhl|postal|customer|client)[\s\-_.]*"
    r"(?:nr|no|num|nummer|numer|number|ident?|id)|(?<![^\W\d_])p\.?\s?n\.?r?)"
    r"(?![^\W\d_])[\s.:#=\-–]*",
    _I,
)
_PLAIN = re.compile(r"([0-9]{6,10})(?![0-9])")
_SPACED = re.compile(r"[0-9](?:[ .\-]?[0-9])*")
_BARE = re.compile(r"(?<![0-9+/\-.])(?<![0-9] )([0-9]{6,10})(?![0-9])(?![ /\-.]{0,3}[0-9]{2})")
# numbers of another kind: VAT, telephone, fax
_FOREIGN = re.compile(
    r"\b(?:tel|telefon|telephone|mobil|mobile|handy|phone|fon|fax|ust-?id|vat|steuer-?nr)\b"
    r"[^0-9+;]{0,12}[+0-9(][0-9\s()/.\-]*|\b[A-Z]{2}\s?[0-9]{8,11}\b",
    _I,
)
_TELEPHONE = re.compile(r"0[1-9][0-9]{6,}")


@dataclass(frozen=True, slots=True)
class PostNumbers:
    """The most likely post number, and whether it is the only one and its check digit is right."""

    best: str = ""
    sure: bool = True


def find_post_numbers(lines: Iterable[str], zip_code: str = "") -> PostNumbers:
    """The post number in `lines`: one behind a keyword, else a bare number that can be one."""
    texts = [_without_zip(line, zip_code) for line in lines]
    found = list(dict.fromkeys(_behind_keyword(texts))) or list(dict.fromkeys(_bare(texts)))
    if not found:
        return PostNumbers()
    right = [number for number in found if has_right_check_digit(number)]
    candidates = right or found
    return PostNumbers(candidates[0], bool(right) and len(candidates) == 1)


def has_right_check_digit(number: str) -> bool:
    """Whether the last digit fits the others. A wrong one is a hint, never a proof."""
    if not re.fullmatch(r"[0-9]{6,10}", number):
        return False
    digits = [int(digit) for digit in number.zfill(10)]
    total = 4 * sum(digits[8::-2]) + 9 * sum(digits[7::-2])
    return (10 - total % 10) % 10 == digits[9]


def _behind_keyword(texts: list[str]) -> Iterator[str]:
    for text in texts:
        for keyword in _KEYWORD.finditer(text):
            if plain := _PLAIN.match(text, keyword.end()):
                yield plain.group(1)
            elif spaced := _SPACED.match(text, keyword.end()):
                joined = re.sub(r"[^0-9]", "", spaced.group())
                if 6 <= len(joined) <= 10:
                    yield joined


def _bare(texts: list[str]) -> Iterator[str]:
    for text in texts:
        for match in _BARE.finditer(_FOREIGN.sub(" ; ", text)):
            if not _TELEPHONE.fullmatch(match.group(1)):
                yield match.group(1)


def _without_zip(text: str, zip_code: str) -> str:
    if not zip_code:
        return text
    return re.sub(rf"(?<![0-9]){re.escape(zip_code)}(?![0-9])", ";", text)
