"""How the pages look."""

ACCENT = "#1d6f5c"
STYLE = """
:root { --face: Lato, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; }
body { font-family: var(--face); color: #1d1c1d; }
a { color: #1264a3; text-decoration: none; }
a:hover { text-decoration: underline; }
.page { display: flex; width: 100%; height: 100vh; height: 100dvh; overflow: hidden; }
.side { width: 260px; min-width: 260px; height: 100%; background: #14372f; color: #cfe3dc; padding-bottom: 10px; overflow-y: auto; }
.side-veil, .menu { display: none !important; }
.brand { padding: 16px; border-bottom: 1px solid #24584c; }
.side-title { padding: 14px 16px 4px; font-size: 12px; color: #8fb5a9; }
.side-item { width: 100%; padding: 5px 16px; cursor: pointer; font-size: 15px; }
.side-item:hover { background: #1c4a3f; }
.side-item.active { background: #2d7a67; color: #fff; }
.side-foot { padding: 4px 16px; font-size: 12px; color: #8fb5a9; }
.side-link { color: #cfe3dc; }
.act-as { width: 232px; }
.main { height: 100%; min-width: 0; background: #fff; }
.top { padding: 12px 20px; border-bottom: 1px solid #e5e5e5; min-height: 54px; flex: none; }
.stream-holder, .home-holder { flex: 1 1 0; min-height: 0; width: 100%; }
.home-holder { overflow-y: auto; }
.stream { height: 100%; overflow-y: auto; display: flex; flex-direction: column-reverse; }
.stream-column { flex: none; padding: 8px 0; }
.composer { padding: 12px 20px 18px; border-top: 1px solid #eee; gap: 8px; flex: none; }
.composer-field { min-width: 0; }
.message { padding: 8px 20px; gap: 10px; }
.message:hover { background: #fafafa; }
.message.ephemeral { background: #f6faf8; }
.message-body { overflow-wrap: anywhere; }
.replies { margin: 0 20px 6px 66px; border-left: 2px solid #d5e3de; }
.replies .message { padding: 5px 12px; }
.replies .avatar { width: 24px; height: 24px; font-size: 11px; border-radius: 4px; }
.replies-count { padding: 2px 12px; font-size: 12.5px; font-weight: 700; color: #1264a3; }
.welcome { margin: 16px 20px 12px; padding-bottom: 14px; max-width: 620px; display: flex; flex-direction: column; gap: 8px; font-size: 14.5px; }
.welcome-title { font-size: 20px; font-weight: 800; }
.hint { display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: baseline; text-align: left; width: 100%; padding: 7px 12px;
  border: 1px solid #d5e3de; border-radius: 8px; background: #fff; cursor: pointer; font: inherit; }
.hint:hover, .hint:focus-visible { background: #f1f8f5; border-color: #1d6f5c; }
.hint-typed { font-weight: 700; color: #1d6f5c; min-width: 150px; }
.hint-why { color: #616061; }
.avatar { width: 36px; height: 36px; border-radius: 6px; color: #fff; display: flex; align-items: center;
  justify-content: center; font-weight: 700; font-size: 14px; flex: none; }
.app-badge { background: #e8e8e8; color: #616061; font-size: 10px; padding: 0 4px; border-radius: 3px; }
.only-you { font-size: 12px; color: #616061; }
.shortcut { font-size: 12px; color: #1264a3; cursor: pointer; opacity: 0; }
.message:hover .shortcut { opacity: 1; }
.bk-text { font-size: 15px; line-height: 1.5; }
.bk-header { font-size: 18px; font-weight: 800; margin-top: 4px; }
.bk-context { display: flex; flex-wrap: wrap; gap: 4px 14px; color: #616061; font-size: 12.5px; }
.bk-fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px 18px; font-size: 14.5px;
  line-height: 1.45; max-width: 560px; width: 100%; }
.bk-button { font-size: 14px; padding: 2px 12px !important; border-radius: 6px; }
.bk-primary { background: #007a5a !important; color: #fff !important; }
.bk-danger { background: #e01e5a !important; color: #fff !important; }
.bk-more { border: 1px solid #bbb; border-radius: 6px; color: #1d1c1d; }
.bk-plain { background: #fff !important; color: #1d1c1d !important; border: 1px solid #bbb; }
.bk-label { font-weight: 700; font-size: 14px; margin-top: 6px; }
.bk-input { display: flex; flex-direction: column; gap: 5px; width: 100%; }
.bk-hint { color: #616061; font-size: 12.5px; margin-top: 2px; }
.bk-day { width: 200px; }
.bk-choices { font-size: 14px; }
.bk-table { border-collapse: collapse; font-size: 13.5px; margin: 2px 0; }
.bk-table th, .bk-table td { border: 1px solid #ddd; padding: 3px 10px; }
.bk-table th { background: #f6f6f6; font-weight: 600; }
.mention { background: #e8f5fa; color: #1264a3; padding: 0 2px; border-radius: 3px; }
.broadcast { background: #fff3cd; }
code { background: #f3f3f3; border: 1px solid #ddd; border-radius: 3px; padding: 0 3px; color: #c0143c; }
.bk-error { color: #c0143c; font-size: 13px; margin-top: 2px; }
.veil { position: fixed; inset: 0; background: rgba(0,0,0,.45); z-index: 1000; display: flex; align-items: center; justify-content: center; }
.modal { background: #fff; border-radius: 10px; width: min(620px, 100vw - 24px); max-height: 88vh; max-height: 88dvh; display: flex;
  flex-direction: column; }
.modal-head { padding: 14px 14px 10px 22px; flex: none; }
.modal-body { padding: 2px 22px 14px; overflow: hidden auto; min-height: 0; display: flex; flex-direction: column; gap: 12px;
  overflow-wrap: anywhere; }
.modal-body > * { flex: none; max-width: 100%; }
.modal-foot { padding: 12px 22px 16px; border-top: 1px solid #eee; flex: none; }
.home-view { padding: 18px 26px; max-width: 820px; }
.ledger { display: flex; flex-direction: column; width: 100%; height: 100vh; height: 100dvh; }
.ledger-top { gap: 6px 14px; width: 100%; padding: 8px 16px; }
.ledger-tip { color: #757575; font-size: 13px; }
.ledger-filter { width: 220px; }
.ledger-tabs { flex: none; max-width: 100%; border-bottom: 1px solid #e5e5e5; }
.saved { margin-left: auto; color: #007a5a; font-size: 13px; }
.ledger-holder { flex: 1 1 0; min-height: 0; display: flex; flex-direction: column; padding: 6px 8px 8px; gap: 6px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: 13px; color: #616061; padding: 0 4px; }
.legend-entry { display: inline-flex; align-items: center; gap: 6px; }
.swatch { width: 14px; height: 14px; border: 1px solid #ddd; border-radius: 3px; }
.decision { background: #fff6e0; }
.bot { background: #eeeeee; }
.grid { flex: 1 1 0; min-height: 0; width: 100%; height: auto; }
.grid .ag-root-wrapper, .grid .ag-cell, .grid .ag-header-cell-text { font-family: var(--face); font-size: 13px; }
.grid .ag-cell, .grid .ag-header-cell { padding: 0 9px; }
.grid .ag-cell { line-height: 26px; border-right: 1px solid #ececec; }
.grid .ag-cell.to-the-right { text-align: right; font-variant-numeric: tabular-nums; }
.grid .ag-cell.row-number { background: #f6f6f6; color: #777; text-align: right; padding: 0 8px; text-overflow: clip; }
.grid .ag-header-cell-text { color: #777; font-weight: 400; }
.grid .ag-floating-top .ag-cell { font-weight: 700; }
.grid .ag-row.linked .ag-cell { background: #fff3a8; }
.grid .ag-row.linked .ag-cell.row-number { background: #f2d74e; color: #1d1c1d; font-weight: 700; }
@media (hover: none) { .shortcut { opacity: 1; } }
@media (max-width: 720px) {
  .menu { display: inline-flex !important; margin-left: -8px; }
  .side { position: fixed; z-index: 900; left: 0; top: 0; transform: translateX(-100%); visibility: hidden; transition: transform .15s; }
  .side.open { transform: none; visibility: visible; }
  .side.open + .side-veil { display: block !important; position: fixed; inset: 0; z-index: 890; background: rgba(0,0,0,.4); }
  .top { padding: 8px 14px; }
  .message { padding: 8px 12px; }
  .replies { margin: 0 8px 6px 30px; }
  .welcome { margin: 12px 14px; }
  .hint-typed { min-width: 0; }
  .not-on-a-phone { display: none; }
  .composer { padding: 8px 12px 12px; }
  .home-view { padding: 14px; }
  .ledger-top { padding: 8px 12px; }
  .ledger-tip { display: none; }
  .ledger-filter { width: 100%; }
}
"""
