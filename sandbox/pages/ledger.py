"""The ledger page: every tab as a grid one can type into."""

from typing import Any

from nicegui import ui

from sandbox.google.store import Spreadsheet, Tab, column_name, entered
from sandbox.pages.grid import grid_of
from sandbox.pages.style import ACCENT, STYLE

OWNERS = {"decision": "审批决定 · decisions", "bot": "授信台填写 · filled by the desk"}
FROM_ROW = "params => params.api.ensureNodeVisible(params.api.getRowNode('{row}') ?? null, 'middle')"


class Sheet:
    """One browser tab on the ledger: which tab is open, and what the browser has been given of it."""

    def __init__(self, sheet: Spreadsheet, tab: Tab, row: int) -> None:
        """`row` is the one that a link asked for, as the sheet counts; 0 for none."""
        self.sheet, self.tab, self.row, self.filter = sheet, tab, row, ""
        self.version = 0
        self.given: dict[int, dict[str, Any]] = {}
        self.grid: ui.aggrid | None = None

    def build(self) -> None:
        """The whole page."""
        ui.add_css(STYLE)
        ui.colors(primary=ACCENT)
        ui.query(".nicegui-content").classes("p-0 gap-0 w-full")
        with ui.element("div").classes("ledger"):
            with ui.row().classes("top ledger-top items-center"):
                ui.label(f"📒 {self.sheet.title}").classes("text-lg font-bold")
                ui.label("双击单元格修改，授信台下次同步即可看到 · Double-click a cell to edit").classes("ledger-tip")
                self.saved = ui.label("").classes("saved").props('data-testid="saved" role="status"')
                search = ui.input(placeholder="筛选 · Filter", on_change=lambda event: self.narrow(event.value or ""))
                search.props('dense outlined clearable data-testid="filter"').classes("ledger-filter")
            with (
                ui.tabs()
                .props('dense align="left" no-caps outside-arrows mobile-arrows')
                .classes("ledger-tabs") as tabs
            ):
                for one in self.sheet.tabs:
                    ui.tab(one.title).props(f'data-testid="tab-{one.title}"')
            tabs.set_value(self.tab.title)
            tabs.on_value_change(lambda event: self.turn_to(str(event.value)))
            self.holder = ui.element("div").classes("ledger-holder")
        self.show()
        ui.timer(1.0, self.catch_up)

    def turn_to(self, title: str) -> None:
        """Another tab; a link's row belongs to the one it named."""
        tab = self.sheet.tab(title)
        if tab is not None:
            self.tab, self.row = tab, 0
            self.show()

    def show(self) -> None:
        """The open tab, from its beginning or at the row of the link."""
        found = grid_of(self.tab)
        self.version = self.sheet.version
        self.given = {line["n"]: line for line in [*found.frozen, *found.lines]}
        options: dict[str, Any] = {
            "columnDefs": found.columns, "rowData": found.lines, "pinnedTopRowData": found.frozen,
            "stopEditingWhenCellsLoseFocus": True, "suppressFieldDotNotation": True, "rowHeight": 28, "headerHeight": 26,
            "enterNavigatesVerticallyAfterEdit": True, "quickFilterText": self.filter, "animateRows": False,
            ":getRowId": "params => String(params.data.n)",
            "rowClassRules": {":linked": f"params => params.data.n === {self.row}"},
        }  # fmt: skip
        if self.row in self.given and self.row not in {line["n"] for line in found.frozen}:
            options[":onFirstDataRendered"] = FROM_ROW.format(row=self.row)
        self.holder.clear()
        with self.holder:
            if found.caption or found.owners:
                with ui.element("div").classes("legend").props('data-testid="legend"'):
                    ui.label(found.caption)
                    for owner in sorted(found.owners, reverse=True):
                        with ui.element("span").classes("legend-entry"):
                            ui.element("span").classes(f"swatch {owner}")
                            ui.label(OWNERS[owner])
            self.grid = ui.aggrid(options, auto_size_columns=False).classes("grid")
            self.grid.on("cellValueChanged", self.changed)

    def narrow(self, text: str) -> None:
        """Only the rows that have all these words."""
        self.filter = text
        if self.grid is not None:
            self.grid.run_grid_method("setGridOption", "quickFilterText", text)

    def changed(self, event: Any) -> None:
        """A cell was typed into: keep it, and show it as the sheet writes it."""
        number, place = int(event.args["data"]["n"]), int(str(event.args["colId"])[1:])
        value = event.args.get("newValue")
        self.tab.set(number - 1, place, entered(value) if value not in {None, ""} else "")
        self.sheet.version += 1
        self.given[number] = {}  # the browser has what was typed, not what the sheet makes of it
        self.catch_up()
        self.saved.set_text(f"✓ 已保存 · Saved {self.tab.title}!{column_name(place)}{number}")

    def catch_up(self) -> None:
        """Rows that anybody changed since the last look; the others stay as they are, also one being edited."""
        if self.version == self.sheet.version or self.grid is None:
            return
        found = grid_of(self.tab)
        self.version = self.sheet.version
        if any(self.given.get(line["n"]) != line for line in found.frozen):
            self.grid.run_grid_method("setGridOption", "pinnedTopRowData", found.frozen)
        fresh = [line for line in found.lines if self.given.get(line["n"]) != line]
        known = [line for line in fresh if line["n"] in self.given]
        new = [line for line in fresh if line["n"] not in self.given]
        self.given |= {line["n"]: line for line in [*found.frozen, *found.lines]}
        self.grid.run_grid_method("applyTransaction", {"update": known, "add": new})


def ledger_page(sheet: Spreadsheet) -> None:
    """Register the page at /ledger; ?tab=TITLE opens that tab, &row=N goes to that row and marks it."""

    @ui.page("/ledger")
    def page(tab: str = "", row: int = 0) -> None:
        Sheet(sheet, sheet.tab(tab) or sheet.tabs[0], row).build()
