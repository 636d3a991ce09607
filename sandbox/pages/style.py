"""How the pages look."""

STYLE = """
body { font-family: Lato, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; color: #1d1c1d; }
.side { width: 260px; min-width: 260px; height: 100vh; background: #14372f; color: #cfe3dc; padding-bottom: 10px; }
.brand { padding: 16px; border-bottom: 1px solid #24584c; }
.side-title { padding: 14px 16px 4px; font-size: 12px; color: #8fb5a9; }
.side-item { width: 100%; padding: 5px 16px; cursor: pointer; font-size: 15px; }
.side-item:hover { background: #1c4a3f; }
.side-item.active { background: #2d7a67; color: #fff; }
.side-foot { padding: 4px 16px; font-size: 12px; color: #8fb5a9; }
.side-link { color: #cfe3dc; }
.act-as { width: 232px; }
.main { height: 100vh; min-width: 0; background: #fff; }
.top { padding: 12px 20px; border-bottom: 1px solid #e5e5e5; min-height: 54px; }
.body { min-height: 0; }
.composer { padding: 12px 20px 18px; border-top: 1px solid #eee; gap: 8px; }
.message { padding: 8px 20px; gap: 10px; }
.message:hover { background: #fafafa; }
.message.ephemeral { background: #f6faf8; }
.avatar { width: 36px; height: 36px; border-radius: 6px; color: #fff; display: flex; align-items: center;
  justify-content: center; font-weight: 700; font-size: 14px; }
.app-badge { background: #e8e8e8; color: #616061; font-size: 10px; padding: 0 4px; border-radius: 3px; }
.only-you { font-size: 12px; color: #616061; }
.shortcut { font-size: 12px; color: #1264a3; cursor: pointer; opacity: 0; }
.message:hover .shortcut { opacity: 1; }
.bk-text { font-size: 15px; line-height: 1.5; }
.bk-header { font-size: 18px; font-weight: 800; margin-top: 4px; }
.bk-context { display: flex; flex-wrap: wrap; gap: 4px 14px; color: #616061; font-size: 12.5px; }
.bk-fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 8px 18px; font-size: 14.5px;
  line-height: 1.45; max-width: 720px; width: 100%; }
.bk-button { font-size: 14px; padding: 2px 12px !important; border-radius: 6px; }
.bk-primary { background: #007a5a !important; color: #fff !important; }
.bk-danger { background: #e01e5a !important; color: #fff !important; }
.bk-plain { background: #fff !important; color: #1d1c1d !important; border: 1px solid #bbb; }
.bk-label { font-weight: 700; font-size: 14px; margin-top: 6px; }
.bk-table { border-collapse: collapse; font-size: 13.5px; margin: 2px 0; }
.bk-table th, .bk-table td { border: 1px solid #ddd; padding: 3px 10px; }
.bk-table th { background: #f6f6f6; font-weight: 600; }
.mention { background: #e8f5fa; color: #1264a3; padding: 0 2px; border-radius: 3px; }
.broadcast { background: #fff3cd; }
code { background: #f3f3f3; border: 1px solid #ddd; border-radius: 3px; padding: 0 3px; color: #c0143c; }
.veil { position: fixed; inset: 0; background: rgba(0,0,0,.45); z-index: 1000; display: flex; align-items: center; justify-content: center; }
.modal { background: #fff; border-radius: 10px; padding: 18px 22px; width: 620px; max-height: 88vh; }
.modal-body { height: 66vh; }
.home-view { padding: 18px 26px; max-width: 820px; }
.grid-page { height: 100vh; }
"""
