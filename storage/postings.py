"""The parts of the index over names: small numbers in flat arrays, in order, found by bisection."""

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence

_BITS = 24
_NUMBER = (1 << _BITS) - 1
_HASH = (1 << 40) - 1


class Keys:
    """Texts to numbers, eight bytes each: a hash and the number. Hashes may collide: compare what is found."""

    def __init__(self, packed: Iterable[int] = ()) -> None:
        self._packed = array("Q", packed)

    def fill(self, texts: Iterable[tuple[str, int]]) -> None:
        """Everything at once."""
        packed = array("Q", [(hash(text) & _HASH) << _BITS | number for text, number in texts])
        self._packed = array("Q", sorted(packed))

    def find(self, text: str) -> list[int]:
        """The numbers kept under texts of this hash, smallest first."""
        low = (hash(text) & _HASH) << _BITS
        start = bisect_left(self._packed, low)
        if start == len(self._packed) or self._packed[start] > low | _NUMBER:
            return []
        end = bisect_left(self._packed, low + _NUMBER + 1, start)
        return [packed & _NUMBER for packed in self._packed[start:end]]

    def add(self, text: str, number: int) -> None:
        """One more, in its place."""
        insort(self._packed, (hash(text) & _HASH) << _BITS | number)

    def drop(self, text: str, number: int) -> None:
        """One fewer."""
        packed = (hash(text) & _HASH) << _BITS | number
        place = bisect_left(self._packed, packed)
        if place < len(self._packed) and self._packed[place] == packed:
            del self._packed[place]

    def copy(self) -> "Keys":
        return Keys(self._packed)


class Order:
    """Numbers in the order of their texts, four bytes each; the texts themselves are kept elsewhere or made again."""

    def __init__(self, text_of: Callable[[int], str], numbers: Iterable[int] = ()) -> None:
        self._text_of = text_of
        self._numbers = array("I", numbers)

    def fill(self, numbers: Iterable[int], text_of: Callable[[int], str]) -> None:
        """Everything at once, with texts that were made for this only."""
        self._numbers = array("I", sorted(numbers, key=text_of))

    def starting(self, prefix: str, most: int) -> list[int]:
        """The first `most` numbers whose text begins so."""
        start = bisect_left(self._numbers, prefix, key=self._text_of)
        found: list[int] = []
        for number in self._numbers[start : start + most]:
            if not self._text_of(number).startswith(prefix):
                break
            found.append(number)
        return found

    def add(self, text: str, number: int) -> None:
        self._numbers.insert(bisect_left(self._numbers, text, key=self._text_of), number)

    def drop(self, text: str, number: int) -> None:
        place = bisect_left(self._numbers, text, key=self._text_of)
        while place < len(self._numbers) and self._text_of(self._numbers[place]) == text:
            if self._numbers[place] == number:
                del self._numbers[place]
                return
            place += 1

    def copy(self, text_of: Callable[[int], str]) -> "Order":
        return Order(text_of, self._numbers)


class Postings:
    """Grams to the numbers of the texts that hold them; a gram that stands in one text only costs no array."""

    def __init__(self) -> None:
        self._held: dict[str, int | array[int]] = {}

    def add(self, gram: str, number: int) -> None:
        held = self._held.get(gram)
        if held is None:
            self._held[gram] = number
        elif isinstance(held, int):
            self._held[gram] = array("I", (held, number))
        else:
            held.append(number)

    def drop(self, gram: str, number: int) -> None:
        held = self._held.get(gram)
        if held == number:
            del self._held[gram]
        elif isinstance(held, array) and number in held:
            held.remove(number)
            if not held:
                del self._held[gram]

    def of(self, gram: str) -> Sequence[int]:
        """The numbers under a gram."""
        held = self._held.get(gram, ())
        return (held,) if isinstance(held, int) else held

    def chars(self) -> set[str]:
        """Every character that stands in some gram of two."""
        return {char for gram in self._held if len(gram) == 2 for char in gram}

    def copy(self) -> "Postings":
        other = Postings()
        other._held = {gram: held if isinstance(held, int) else held[:] for gram, held in self._held.items()}
        return other
