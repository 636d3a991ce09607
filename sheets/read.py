"""The Google Sheet as the source of a desk: one values:batchGet for all tabs, own parsing afterwards."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from scoring.findings import Note
from scoring.ledger import ROW_TYPES, Encoded, RawTab
from sheets.client import BoundedClient, CutShortError, SheetError, open_client
from sheets.columns import LedgerMap
from sheets.layout import LOOK_AT, lay_out
from sheets.reading import Reading

FIELDS = "properties(title,locale),sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))"
MARKS = "developerMetadata(metadataId,metadataKey,metadataValue)"
SHEETS, DRIVE = "https://sheets.googleapis.com/v4/spreadsheets", "https://www.googleapis.com/drive/v3/files"


class _Range(msgspec.Struct):
    values: list[msgspec.Raw] = []


class _Values(msgspec.Struct):
    ranges: list[_Range] = msgspec.field(name="valueRanges")


class Size(msgspec.Struct):
    """How far a tab reaches, empty cells counted."""

    rows: int = msgspec.field(default=0, name="rowCount")
    columns: int = msgspec.field(default=0, name="columnCount")


class Properties(msgspec.Struct):
    """One tab, as the spreadsheet describes it."""

    title: str
    id: int = msgspec.field(default=0, name="sheetId")
    size: Size = msgspec.field(default_factory=Size, name="gridProperties")


class Metadata(msgspec.Struct):
    """A mark that a program left on the spreadsheet as a whole."""

    id: int = msgspec.field(name="metadataId")
    key: str = msgspec.field(default="", name="metadataKey")
    value: str = msgspec.field(default="", name="metadataValue")


class Sheet(msgspec.Struct):
    """A tab's place in the answer."""

    properties: Properties


class Book(msgspec.Struct):
    """Title and locale of a spreadsheet."""

    title: str
    locale: str | None = None


class Structure(msgspec.Struct):
    """What a spreadsheet is made of."""

    properties: Book
    sheets: list[Sheet]
    marks: list[Metadata] = msgspec.field(default_factory=list, name="developerMetadata")


class _File(msgspec.Struct):
    version: str | None = None


Shape = TypeVar("Shape")


def shaped(kind: type[Shape]) -> Callable[[bytes], Shape]:
    """A parser of answers of this shape; an answer cut in the middle is another fault than one of another shape."""
    decoder = msgspec.json.Decoder(kind)

    def parse(content: bytes) -> Shape:
        try:
            return decoder.decode(content)
        except msgspec.ValidationError:
            raise SheetError("sheet_answer", why="shape") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise CutShortError("sheet_answer", why="JSON") from None

    return parse


parse_values, parse_structure, parse_file = shaped(_Values), shaped(Structure), shaped(_File)


def quoted(title: str) -> str:
    """A tab's title as a range spells it."""
    return "'" + title.replace("'", "''") + "'"


def _now() -> datetime:
    return datetime.now(UTC)


class GoogleLedger:
    """One spreadsheet, read through a service account."""

    def __init__(
        self,
        *,
        spreadsheet_id: str,
        service_account_file: str,
        base_url: str,
        names: LedgerMap,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Nothing is read and nobody is asked yet."""
        self._id, self._file, self._base = spreadsheet_id, service_account_file, base_url
        self.names, self.clock = names, clock
        self._client: BoundedClient | None = None
        self.account = ""

    def client(self) -> BoundedClient:
        """The client, opened at first use."""
        if self._client is None:
            if not self._id:
                raise SheetError("setting_missing", name="LEDGER_SPREADSHEET_ID")
            if not self._file:
                raise SheetError("setting_missing", name="GOOGLE_SERVICE_ACCOUNT_FILE")
            self._client, self.account = open_client(self._file, self._base)
        return self._client

    def version(self) -> str | None:
        """Drive's version of the file, or None when Drive does not tell."""
        address = f"{DRIVE}/{quote(self._id, safe='')}"
        try:
            return self._read(address, {"fields": "version", "supportsAllDrives": "true"}, parse_file).version
        except SheetError as problem:
            if problem.code in {"sheet_forbidden", "sheet_not_found", "sheet_answer"}:
                return None  # the Drive API may be off, or knows no file that is not shared: the sheet itself decides
            raise

    @property
    def address(self) -> str:
        """Where the spreadsheet answers."""
        return f"{SHEETS}/{quote(self._id, safe='')}"

    def structure(self, *, marks: bool = False) -> Structure:
        """Title, locale and tabs of the spreadsheet, and what is marked on it as a whole."""
        return self._read(self.address, {"fields": f"{FIELDS},{MARKS}" if marks else FIELDS}, parse_structure)

    def fetch(self) -> Reading:
        """All tabs that the map knows, in one read; SheetError when Google refuses or its answer is broken."""
        structure = self.structure()
        titles: dict[str, Properties] = {}
        for sheet in structure.sheets:
            tab = self.names.tab_of(sheet.properties.title)
            if tab is not None and tab in ROW_TYPES:
                titles.setdefault(tab, sheet.properties)
        values = self.values([properties.title for properties in titles.values()])
        tabs: dict[str, RawTab] = {}
        problems = [Note(tab, None, "", None, "tab_missing") for tab in ROW_TYPES if tab not in titles]
        for tab, rows in zip(titles, values, strict=True):
            raw, notes = lay_out(tab, rows, self.names)
            problems += notes
            if raw is not None:
                tabs[tab] = raw
        return Reading(
            tabs=tabs,
            problems=tuple(problems),
            title=structure.properties.title,
            locale=structure.properties.locale,
            links={tab: self.link(titles[tab]) for tab in titles},
        )

    def values(self, titles: list[str], *, formulas: bool = False) -> list[Sequence[Encoded]]:
        """The rows of each tab, undecoded: views into the one body, so that what did not change is never parsed.

        With `formulas` a cell that holds one says its text, every other one its value.
        """
        if not titles:
            return []
        ranges = [("ranges", quoted(title)) for title in titles]
        options = [
            ("valueRenderOption", "FORMULA" if formulas else "UNFORMATTED_VALUE"),
            ("dateTimeRenderOption", "SERIAL_NUMBER"),
            ("prettyPrint", "false"),
        ]
        found = self._read(f"{self.address}/values:batchGet", [*ranges, *options], parse_values).ranges
        if len(found) != len(titles):
            raise SheetError("sheet_answer", why="ranges")
        if any(bytes(row)[:1] != b"[" for one in found for row in one.values[:LOOK_AT]):
            raise SheetError("sheet_answer", why="rows")
        return [one.values for one in found]

    def link(self, properties: Properties) -> str:
        """An address that a row number completes: opens the row in the sheet."""
        if self._base:
            root = self._base.rstrip("/").removesuffix("/google")
            return f"{root}/ledger?tab={quote(properties.title)}&row="
        return f"https://docs.google.com/spreadsheets/d/{self._id}/edit#gid={properties.id}&range="

    def _read(self, address: str, params: Any, parse: Callable[[bytes], Shape]) -> Shape:
        try:
            return self.client().read(address, params, parse)
        except SheetError as problem:
            raise self.explained(problem) from None

    def explained(self, problem: SheetError) -> SheetError:
        """A refusal with what helps: whom to share the sheet with, which key file to look at."""
        if problem.code in {"sheet_forbidden", "sheet_read_only"}:
            return SheetError(problem.code, account=self.account)
        if problem.code == "sheet_credentials":
            return SheetError("sheet_credentials", where=self._file.rsplit("/", 1)[-1] or "—")
        return problem
