"""The ledger page: every tab as a grid one can type into."""

from typing import Any

from nicegui import ui

from sandbox.google.store import Spreadsheet, Tab, column_name, display, entered
from sandbox.pages.style import STYLE


def grid_of(tab: Tab) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Column definitions and rows for the grid."""
    width = max((len(row) for row in tab.cells), default=1)
    columns: list[dict[str, Any]] = [
        {
            "headerName": "",
            "field": "n",
            "width": 60,
            "pinned": "left",
            "cellStyle": {"background": "#f6f6f6", "color": "#777"},
        }
    ]
    columns += [
        {"headerName": column_name(place), "field": f"c{place}", "editable": True, "width": 130, "resizable": True}
        for place in range(width)
    ]
    rows = [
        {"n": number + 1, **{f"c{place}": display(cell, place in tab.dates) for place, cell in enumerate(cells)}}
        for number, cells in enumerate(tab.cells)
    ]
    return columns, rows


def ledger_page(sheet: Spreadsheet) -> None:
    """Register the page at /ledger; ?tab=TITLE opens that tab, #row scrolls to a row."""

    @ui.page("/ledger")
    def page(tab: str = "", row: int = 0) -> None:
        ui.add_css(STYLE)
        ui.query(".nicegui-content").classes("p-0 gap-0 w-full h-screen")
        with ui.row().classes("top items-center w-full"):
            ui.label(f"📒 {sheet.title}").classes("text-lg font-bold")
            ui.label("双击单元格修改,授信台下次同步即可看到 · double-click a cell to edit").classes("text-grey-6")
            search = ui.input(placeholder="筛选 filter").props('dense outlined clearable data-testid="filter"')
            search.classes("ml-auto")
        titles = [one.title for one in sheet.tabs]
        chosen = tab if tab in titles else titles[0]
        with ui.tabs().props('dense align="left" no-caps') as tabs:
            for title in titles:
                ui.tab(title).props(f'data-testid="tab-{title}"')
        tabs.set_value(chosen)
        holder = ui.column().classes("w-full grow p-2")

        def show(title: str) -> None:
            one = sheet.tab(title)
            if one is None:
                return
            columns, rows = grid_of(one)
            holder.clear()
            with holder:
                grid = ui.aggrid(
                    {"columnDefs": columns, "rowData": rows, "stopEditingWhenCellsLoseFocus": True, "suppressFieldDotNotation": True,
                     ":getRowId": "params => String(params.data.n)"},
                    auto_size_columns=False,
                ).classes("w-full").style("height: calc(100vh - 130px)")  # fmt: skip

                def changed(event: Any) -> None:
                    number, field = int(event.args["data"]["n"]) - 1, str(event.args["colId"])
                    value = event.args.get("newValue")
                    one.set(number, int(field[1:]), entered(value) if value not in {None, ""} else "")
                    sheet.version += 1
                    ui.notify(
                        f"{title}!{column_name(int(field[1:]))}{number + 1} ✓", type="positive", position="bottom-right"
                    )

                grid.on("cellValueChanged", changed)
                search.on_value_change(
                    lambda event: grid.run_grid_method("setGridOption", "quickFilterText", event.value or "")
                )
                if row and title == chosen:
                    ui.timer(
                        0.6, lambda: grid.run_grid_method("ensureIndexVisible", max(0, row - 1), "middle"), once=True
                    )

        tabs.on_value_change(lambda event: show(str(event.value)))
        show(chosen)
