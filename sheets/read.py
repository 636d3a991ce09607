"""The Google Sheet as the source of a desk: one values:batchGet for all tabs, own parsing afterwards."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
import orjson

from scoring.findings import Note
from scoring.ledger import ROW_TYPES, Encoded, RawTab
from sheets.client import BoundedClient, SheetError, open_client
from sheets.columns import LedgerMap
from sheets.layout import lay_out
from sheets.reading import Reading

FIELDS = "properties(title,locale),sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))"
SHEETS, DRIVE = "https://sheets.googleapis.com/v4/spreadsheets", "https://www.googleapis.com/drive/v3/files"


class _Range(msgspec.Struct):
    values: list[msgspec.Raw] = []


class _Answer(msgspec.Struct):
    ranges: list[_Range] = msgspec.field(default_factory=list, name="valueRanges")


_ANSWER = msgspec.json.Decoder(_Answer)


def values_in(content: bytes) -> list[Sequence[Encoded]]:
    """The rows of each range of a values:batchGet answer, undecoded; SheetError for what is no such answer."""
    try:
        return [one.values for one in _ANSWER.decode(content).ranges]
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise SheetError("sheet_answer", why="JSON") from None


class GoogleLedger:
    """One spreadsheet, read through a service account."""

    def __init__(
        self,
        *,
        spreadsheet_id: str,
        service_account_file: str,
        base_url: str,
        names: LedgerMap,
        clock: Callable[[], datetime],
    ) -> None:
        """Nothing is read and nobody is asked yet."""
        self._id, self._file, self._base = spreadsheet_id, service_account_file, base_url
        self._names, self._clock = names, clock
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
        try:
            answer = self._get(
                f"{DRIVE}/{quote(self._id, safe='')}", {"fields": "version", "supportsAllDrives": "true"}
            )
        except SheetError as problem:
            if problem.code in {"sheet_forbidden", "sheet_answer"}:
                return None  # the Drive API may be off; the sheet itself decides
            raise
        return str(answer["version"]) if "version" in answer else None

    def structure(self) -> dict[str, Any]:
        """Title, locale and tabs of the spreadsheet."""
        return self._get(f"{SHEETS}/{quote(self._id, safe='')}", {"fields": FIELDS})

    def fetch(self) -> Reading:
        """All tabs that the map knows, in one read; SheetError when Google refuses or its answer is broken."""
        structure = self.structure()
        titles: dict[str, dict[str, Any]] = {}
        for sheet in structure.get("sheets", []):
            properties = sheet["properties"]
            tab = self._names.tab_of(properties["title"])
            if tab is not None and tab in ROW_TYPES:
                titles.setdefault(tab, properties)
        values = self._values([properties["title"] for properties in titles.values()])
        tabs: dict[str, RawTab] = {}
        problems = [Note(tab, None, "", None, "tab_missing") for tab in ROW_TYPES if tab not in titles]
        for tab, rows in zip(titles, values, strict=True):
            raw, notes = lay_out(tab, rows, self._names)
            problems += notes
            if raw is not None:
                tabs[tab] = raw
        return Reading(
            tabs=tabs,
            problems=tuple(problems),
            title=structure["properties"].get("title", ""),
            locale=structure["properties"].get("locale"),
            links={tab: self._link(titles[tab]) for tab in titles},
            fetched_at=self._clock(),
        )

    def _values(self, titles: list[str]) -> list[Sequence[Encoded]]:
        """The rows of each tab, undecoded: views into the one body, so that what did not change is never parsed."""
        if not titles:
            return []
        ranges = [("ranges", "'" + title.replace("'", "''") + "'") for title in titles]
        options = [
            ("valueRenderOption", "UNFORMATTED_VALUE"),
            ("dateTimeRenderOption", "SERIAL_NUMBER"),
            ("prettyPrint", "false"),
        ]
        content = self._content(f"{SHEETS}/{quote(self._id, safe='')}/values:batchGet", [*ranges, *options])
        found = values_in(content)
        if len(found) != len(titles):
            raise SheetError("sheet_answer", why="ranges")
        return found

    def _link(self, properties: dict[str, Any]) -> str:
        """An address that a row number completes: opens the row in the sheet."""
        if self._base:
            root = self._base.rstrip("/").removesuffix("/google")
            return f"{root}/ledger?tab={quote(properties['title'])}&row="
        return f"https://docs.google.com/spreadsheets/d/{self._id}/edit#gid={properties['sheetId']}&range="

    def _get(self, address: str, params: Any) -> dict[str, Any]:
        try:
            loaded: dict[str, Any] = orjson.loads(self._content(address, params))
        except orjson.JSONDecodeError:
            raise SheetError("sheet_answer", why="JSON") from None
        return loaded

    def _content(self, address: str, params: Any) -> bytes:
        try:
            answer = self.client().request("get", address, params=params)
        except SheetError as problem:
            if problem.code == "sheet_forbidden":
                raise SheetError("sheet_forbidden", account=self.account) from None
            if problem.code == "sheet_credentials":
                raise SheetError("sheet_credentials", where=self._file.rsplit("/", 1)[-1] or "—") from None
            raise
        return answer.content
