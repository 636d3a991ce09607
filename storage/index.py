"""The index over names: every form a name is found by, each in a structure of flat arrays.

A *text* is a name or an alias, by number; `owner` says which customer, by place, it belongs to.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from itertools import chain

from scoring.names import normalise
from scoring.sounds import readings, syllables
from storage.forms import Forms, codes_of, forms_of, grams_of, initials_of
from storage.named import Named
from storage.postings import Keys, Order, Postings


class Index:
    """Texts by every form. Filled once; a changed copy is made by `copy`, `put` and `take`."""

    def __init__(self, names: Iterable[Named] = ()) -> None:
        self.named: list[Named] = []
        self.owner = array("I")
        self.plain: list[str] = []
        self.simple: list[str] = []
        self.stems: list[str] = []
        self.codes, self.texts, self.scripts, self.sounds, self.initials = Keys(), Keys(), Keys(), Keys(), Keys()
        self.by_text, self.by_sound = Order(self.plain.__getitem__), Order(self.spoken)
        self.grams = Postings()
        self.parts: Counter[str] = Counter()
        self._sizes: dict[str, int] | None = None
        self._heard: dict[str, str] | None = None
        sentences: list[str] = []
        stems: dict[int, str] = {}
        for place, named in enumerate(names):
            self.named.append(named)
            for forms in forms_of(named):
                number = self._hold(place, forms)
                sentences.append(_sentence(forms.spoken))
                if forms.spoken_stem != forms.spoken:
                    stems[number] = _sentence(forms.spoken_stem)
        self._fill(sentences, stems)

    def _fill(self, sentences: list[str], stems: dict[int, str]) -> None:
        """Make the structures in order; sentences and stems as they are said are wanted for nothing else."""
        numbers = range(len(self.plain))
        self.codes.fill((code, place) for place, named in enumerate(self.named) for code in codes_of(named))
        self.texts.fill(zip(self.plain, numbers, strict=True))
        bare = ((stem, number) for number, stem in enumerate(self.stems) if stem is not self.simple[number])
        self.scripts.fill(chain(zip(self.simple, numbers, strict=True), bare))
        spoken = [number for number in numbers if sentences[number]]
        pairs = [(sentences[number], number) for number in spoken] + [(text, number) for number, text in stems.items()]
        self.sounds.fill((text.replace(" ", ""), number) for text, number in pairs)
        self.initials.fill((initials_of(text.split()), number) for text, number in pairs)
        self.by_text.fill(numbers, self.plain.__getitem__)
        self.by_sound.fill(spoken, sentences.__getitem__)

    def _hold(self, place: int, forms: Forms) -> int:
        """Keep the text itself and its grams; the number it now has."""
        number = len(self.owner)
        self.owner.append(place)
        self.plain.append(forms.plain)
        self.simple.append(forms.simple)
        self.stems.append(forms.stem)
        for gram in grams_of(forms.stem):
            self.grams.add(gram, number)
        if forms.spoken:
            self.parts.update(forms.spoken)
        return number

    def sizes(self) -> dict[str, int]:
        """First character to the lengths, as bits, of ids and stems that begin with it; made when first asked for."""
        if self._sizes is None:
            sizes: dict[str, int] = {}
            ids = (normalise(named.customer_id) for named in self.named if named.customer_id)
            for first, size in {(text[0], len(text)) for text in chain(self.stems, ids) if text}:
                sizes[first] = sizes.get(first, 0) | 1 << size
            self._sizes = sizes
        return self._sizes

    def spoken(self, number: int) -> str:
        """The pinyin of a text, each syllable followed by a blank."""
        return _sentence(syllables(self.simple[number]))

    def heard(self) -> dict[str, str]:
        """Syllable to the characters of the known names that may be read so; made when first asked for."""
        if self._heard is None:
            heard: dict[str, str] = {}
            for char in sorted(self.grams.chars()):
                if char >= "\u3400":
                    for said in readings(char):
                        heard[said] = heard.get(said, "") + char
            self._heard = heard
        return self._heard

    def copy(self) -> "Index":
        """The same, to be changed without troubling whoever reads this one."""
        other = Index()
        other.named, other.owner = list(self.named), self.owner[:]
        other.plain, other.simple, other.stems = list(self.plain), list(self.simple), list(self.stems)
        other.codes, other.texts, other.scripts = self.codes.copy(), self.texts.copy(), self.scripts.copy()
        other.sounds, other.initials = self.sounds.copy(), self.initials.copy()
        other.by_text, other.by_sound = self.by_text.copy(other.plain.__getitem__), self.by_sound.copy(other.spoken)
        other.grams, other.parts = self.grams.copy(), self.parts.copy()
        return other

    def put(self, place: int, named: Named) -> None:
        """Index a customer at a place of his own, which nothing points to."""
        self.named[place : place + 1] = [named]
        for code in codes_of(named):
            self.codes.add(code, place)
        for forms in forms_of(named):
            number = self._hold(place, forms)
            for keys, text in _keys_of(self, forms):
                keys.add(text, number)
            self.by_text.add(forms.plain, number)
            if forms.spoken:
                self.by_sound.add(_sentence(forms.spoken), number)

    def take(self, place: int) -> None:
        """Forget every way that leads to a place; the place itself stays, so that others keep theirs."""
        named = self.named[place]
        for code in codes_of(named):
            self.codes.drop(code, place)
        found = forms_of(named)
        numbers = {number for forms in found for number in self._held_by(place, forms.plain)}
        # names that differ in blanks only are one text with several stems: each number has forms of its own, in order
        for number, forms in zip(sorted(numbers), found, strict=True):
            self.by_text.drop(forms.plain, number)
            if forms.spoken:
                self.by_sound.drop(_sentence(forms.spoken), number)
            for keys, text in _keys_of(self, forms):
                keys.drop(text, number)
            for gram in grams_of(forms.stem):
                self.grams.drop(gram, number)
            self._unsay(forms.spoken)

    def _unsay(self, spoken: tuple[str, ...]) -> None:
        for part in spoken:
            self.parts[part] -= 1
            if not self.parts[part]:
                del self.parts[part]

    def _held_by(self, place: int, plain: str) -> list[int]:
        """The numbers of a customer's texts that are this one."""
        return [one for one in self.texts.find(plain) if self.owner[one] == place and self.plain[one] == plain]


def _sentence(spoken: tuple[str, ...]) -> str:
    return " ".join(spoken) + " " if spoken else ""


def _keys_of(index: Index, forms: Forms) -> list[tuple[Keys, str]]:
    found = [(index.texts, forms.plain), (index.scripts, forms.simple)]
    if forms.stem != forms.simple:
        found.append((index.scripts, forms.stem))
    if forms.spoken:
        whole = [forms.spoken] if forms.spoken_stem == forms.spoken else [forms.spoken, forms.spoken_stem]
        for spoken in whole:
            found += [(index.sounds, "".join(spoken)), (index.initials, initials_of(spoken))]
    return found
