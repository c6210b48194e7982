"""
Words as the search of the library compares them (KNO-9).

A light stemmer for English and German takes off endings only: it needs no dictionary, and the same
word gives the same stem on every database. What is indexed and what is asked for go the same way.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

LONGEST_STEM = 40
PART_OF_COMPOUND = 5
MOST_WORDS = 8
WEIGHTS = {"title": 8, "tags": 4, "summary": 2, "body": 1}

_ENGLISH = """
a an and are as at be by for from has have how if in into is it its may not of on or our so than that the
their them then there they this to was we what when where which who why will with you your
"""
_GERMAN = """
aber als am an auch auf aus bei bis da das dass dem den der des die doch du durch ein eine einem einen
einer eines er es fur hat ich ihr im in ist kann man mit nach nicht noch nur oder sich sie sind so um und uns
vom von vor war was wenn wer wie wir wird zu zum zur
"""
STOP_WORDS = {"en": frozenset(_ENGLISH.split()), "de": frozenset(_GERMAN.split())}
_WORD = re.compile(r"[a-z0-9]+")
_LETTERS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_VOWELS = "aeiouy"


def title_key(text: str) -> str:
    """
    Return a title as exact matches compare it.

    Examples
    --------
    >>> title_key("  Risk   Register ")
    'risk register'
    """
    return " ".join(plain(text).split())[:200]


def plain(text: str) -> str:
    """
    Return the text in small letters without accents.

    Examples
    --------
    >>> plain("Übergröße café")
    'ubergrosse cafe'
    """
    lowered = text.casefold().translate(_LETTERS)
    return "".join(sign for sign in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """Return the words of a text in order, in small letters without accents."""
    return _WORD.findall(plain(text).replace("'s ", " ").replace("’s ", " "))


def stem(word: str, language: str) -> str:
    """
    Return the stem of a word as `words_of` gives it.

    Examples
    --------
    >>> [stem(word, "en") for word in ("planning", "planned", "estimates", "estimation", "policies")]
    ['plan', 'plan', 'estimat', 'estimat', 'polic']
    >>> [stem(word, "de") for word in ("schatzungen", "schatzung", "schatzen", "risiken", "projekte")]
    ['schatz', 'schatz', 'schatz', 'risik', 'projekt']
    """
    found = _german(word) if language == "de" else _english(word)
    return found[:LONGEST_STEM]


def stems_of(text: str, language: str) -> list[str]:
    """Return the stems of the words of a text that carry meaning, in order, each once."""
    stop = STOP_WORDS.get(language, frozenset())
    return list(dict.fromkeys(stem(word, language) for word in words_of(text) if word not in stop))


def asked_stems(text: str, languages: Iterable[str]) -> list[dict[str, str]]:
    """
    Return for each word of a question its stem in each language; words that carry no meaning are left out.

    Examples
    --------
    >>> asked_stems("the risks", ["en", "de"])
    [{'en': 'risk', 'de': 'risk'}]
    """
    wanted = list(languages)
    asked = list(dict.fromkeys(words_of(text)))
    idle = frozenset().union(*(STOP_WORDS.get(language, frozenset()) for language in wanted))
    meant = [word for word in asked if word not in idle] or asked
    return [{language: stem(word, language) for language in wanted} for word in meant[:MOST_WORDS]]


def weigh(fields: Mapping[str, str], language: str) -> dict[str, int]:
    """
    Return the weight of each stem: the sum over the fields it stands in.

    Parameters
    ----------
    fields : mapping of str to str
        Text of ``title``, ``tags``, ``summary`` and ``body``.

    Examples
    --------
    >>> weigh({"title": "Risk register", "body": "Every risk has an owner."}, "en")["risk"]
    9
    """
    weights: dict[str, int] = {}
    for field, weight in WEIGHTS.items():
        for each in stems_of(fields.get(field, ""), language):
            weights[each] = weights.get(each, 0) + weight
    return weights


def _english(word: str) -> str:
    """Take off plural, -ing, -ed and a few endings of nouns."""
    if len(word) < 4:
        return word
    word = _plural(word)
    for ending in ("ational", "ation", "ating", "ated", "ate", "ator"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + "at"
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and any(sign in _VOWELS for sign in rest):
            return _single(rest)
    for ending in ("ement", "ment", "ness", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)].rstrip("e")
    if word.endswith("ion") and len(word) > 5 and word[-4] in "st":
        return word[:-3]
    return word[:-1] if word[-1] in "ey" and len(word) > 4 else word


def _plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and word[-2] not in "sui" else word


def _single(rest: str) -> str:
    """Return *plan* for *plann*, *schedul* for *schedule*."""
    if rest[-1] == rest[-2] and rest[-1] not in "lsz":
        return rest[:-1]
    return rest[:-1] if rest[-1] in "ey" and len(rest) > 4 else rest


def _german(word: str) -> str:
    """Take off the endings of cases, plural and the commonest nouns made of verbs."""
    if len(word) < 5:
        return word
    for ending in ("ern", "em", "er", "en", "es", "e", "n", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    for ending in ("ung", "heit", "keit", "lich"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
