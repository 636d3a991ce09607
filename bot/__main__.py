"""The command line: each command calls the flow that Slack would."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from scoring.errors import DeskError, MisuseError, PolicyError

app = typer.Typer(
    help="Credit Desk (授信台): may I ship? Trade credit answered from the ledger that finance keeps.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
policy_app = typer.Typer(help="The credit policy in force.", no_args_is_help=True)
ledger_app = typer.Typer(help="The ledger: what is odd in it, and what counts as decided.", no_args_is_help=True)
audit_app = typer.Typer(help="The audit chain: who did what with which request.", no_args_is_help=True)
outbox_app = typer.Typer(help="Deliveries: what was parked, and trying it again.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")
app.add_typer(ledger_app, name="ledger")
app.add_typer(audit_app, name="audit")
app.add_typer(outbox_app, name="outbox")

Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh-CN or en; default: the person's, else CREDITDESK_LANG.")]


class Globals:
    """The global options of one run."""

    ledger: Path | None = None
    on: str | None = None


@app.callback()
def options(
    ledger: Annotated[
        Path | None, typer.Option("--ledger", help="A folder of <tab>.csv or an .xlsx workbook instead of Google.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help="The day the figures are for, as 2026-11-24.")] = None,
) -> None:
    """Credit Desk (授信台): may I ship? Trade credit answered from the ledger that finance keeps."""
    Globals.ledger, Globals.on = ledger, on


def settings() -> Any:
    """The settings, read when a command needs them."""
    from pydantic import ValidationError

    from bot.settings import Settings

    try:
        return Settings()
    except ValidationError as wrong:
        fault = wrong.errors()[0]
        raise MisuseError("setting_wrong", name=str(fault["loc"][0]).upper(), why=fault["msg"]) from None


def asked_day() -> date | None:
    """--on as a day; MisuseError when it is none or lies in the future."""
    if Globals.on is None:
        return None
    try:
        return date.fromisoformat(Globals.on)
    except ValueError:
        raise MisuseError("date_wrong", found=Globals.on[:40]) from None


def refuse_local(command: str) -> None:
    """A command that works on Slack and Google says so instead of passing over --ledger or --on."""
    if Globals.ledger is not None or Globals.on is not None:
        raise typer.BadParameter(f"{command} takes neither --ledger nor --on")


def open_desk() -> Any:
    """The desk of this run: over --ledger, or over the kept copy of the Google Sheet, brought up to date."""
    from bot.terminal import progress_bar
    from bot.wiring import google_desk, local_desk
    from flows.ledger import check_day
    from flows.start import wake

    day = asked_day()
    if Globals.ledger is not None:
        with progress_bar() as progress:
            desk = local_desk(settings(), Globals.ledger, day, progress=progress)
        check_day(day, desk.today())
        return desk
    desk = google_desk(settings(), day)
    check_day(day, desk.today())
    with asking_for_ledger():
        wake(desk)
    return desk


@contextmanager
def asking_for_ledger() -> Iterator[None]:
    """Without a sheet in the settings a local ledger may be what was meant: the refusal names --ledger."""
    try:
        yield
    except DeskError as problem:
        if problem.code != "setting_missing":
            raise
        raise MisuseError("ledger_unset", name=str(problem.facts["name"])) from None


@app.command()
def ask(
    text: Annotated[list[str], typer.Argument(help="What would follow /credit in Slack.")],
    as_person: Annotated[str | None, typer.Option("--as", help="See it as this person of people.yaml.")] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """What Slack would answer to /credit TEXT, as a card in the terminal."""
    from bot.terminal import print_card, print_json
    from flows.asking import ask_json, reader_for
    from flows.lookup import look_up

    desk = open_desk()
    reader = reader_for(desk, as_person, lang)
    outcome = look_up(desk, reader, " ".join(text))
    if as_json:
        print_json(ask_json(outcome))
    else:
        print_card(outcome.message)
    if outcome.kind in {"choices", "nearest", "later", "no_copy", "too_long"}:
        raise typer.Exit(1)


@app.command()
def collect(
    name: Annotated[list[str], typer.Argument(help="Whose debts: id, name, alias, pinyin or USCC.")],
    as_person: Annotated[str | None, typer.Option("--as", help="See it as this person of people.yaml.")] = None,
    letter: Annotated[
        str | None, typer.Option("--letter", help="Write this letter as Word files: demand, statement, ...")
    ] = None,
    to: Annotated[Path, typer.Option("--to", help="The folder for the letter's files.")] = Path(),
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """What to collect from a customer: stage, late interest, limitation, what to do now, letters to send."""
    from bot.letters import write
    from bot.terminal import print_card, print_json
    from flows.asking import ask_json, reader_for
    from flows.lookup import collecting

    desk = open_desk()
    reader = reader_for(desk, as_person, lang)
    outcome = collecting(desk, reader, " ".join(name))
    if letter is not None and outcome.figures is not None:
        write(desk, reader, str(outcome.figures["customer_id"]), letter, to, lang)
    elif as_json:
        print_json(ask_json(outcome))
    else:
        print_card(outcome.message)
    if outcome.kind != "collect":
        raise typer.Exit(1)


@app.command()
def ageing(as_json: Json = False, lang: Lang = None) -> None:
    """The ageing table of the whole book, in each customer's currency, with totals."""
    from bot.terminal import print_ageing, print_json
    from flows.ageing import ageing_of

    desk = open_desk()
    found = ageing_of(desk)
    if as_json:
        print_json(found)
    else:
        print_ageing(found, lang or desk.default_lang)


@app.command()
def digest(
    name: Annotated[str, typer.Argument(help="finance, or a department as the ledger writes it.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it here, send nothing.")] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """The digest of what is overdue: shown here with --dry-run, else today's sent now, once."""
    from bot.digests import send, show

    if dry_run:
        show(settings(), open_desk(), name, lang, as_json=as_json)
        return
    if Globals.ledger is not None or Globals.on is not None:
        raise MisuseError("digest_needs_record")
    send(open_desk(), name, lang, as_json=as_json)


@app.command()
def sync(as_json: Json = False, lang: Lang = None) -> None:
    """One sync of the ledger into the local copy."""
    from bot.terminal import print_json, print_line, progress_bar
    from bot.wiring import google_desk, unread_desk
    from flows.sync import sync as run_sync
    from flows.words import line

    with progress_bar() as progress:
        if Globals.ledger is not None:
            desk = unread_desk(settings(), Globals.ledger, asked_day())
            report = run_sync(desk, progress, force=True)
        else:
            desk = google_desk(settings())
            with asking_for_ledger():
                report = run_sync(desk, progress, force=True)
    held = [finding.as_json() for finding in report.held]
    count = len(desk.mirror.customer_ids())
    found = {"customers": count, "changed_rows": report.changed_rows, "held": held, "baseline": report.baseline_taken}
    if as_json:
        print_json(found)
    else:
        chosen = lang or desk.default_lang
        print_line(line(chosen, "synced", count=count, rows=report.changed_rows, held=len(held)))
    if held:
        raise typer.Exit(1)


@app.command()
def run() -> None:
    """The bot against Slack and Google, from .env."""
    refuse_local("run")
    from bot.app import serve

    serve(settings())


@app.command()
def demo(
    port: Annotated[int, typer.Option("--port", help="Where the sandbox's pages are; 0 = any free port.")] = 8080,
    tour: Annotated[bool, typer.Option("--tour", help="Play the story without a browser; 0 only if all held.")] = False,
) -> None:
    """A Slack-compatible workspace and a Sheets-compatible ledger on this machine, and the bot between them."""
    refuse_local("demo")
    from bot.demo import run_demo

    raise typer.Exit(run_demo(port, tour=tour))


@app.command()
def doctor(as_json: Json = False, lang: Lang = None) -> None:
    """Look at tokens, scopes, sheet, columns, policy, people and stores; say what is wrong and where."""
    refuse_local("doctor")
    from bot.doctor import examine
    from bot.terminal import print_examination, print_json

    chosen = settings()
    spoken = lang or chosen.creditdesk_lang
    results = examine(chosen, spoken)
    if as_json:
        print_json({"checks": [result.as_json() for result in results]})
    else:
        print_examination(results, spoken)
    if any(result.state == "wrong" for result in results):
        raise typer.Exit(1)


@policy_app.command("check")
def policy_check(
    file: Annotated[Path | None, typer.Argument(help="The file to check; default: the one in force.")] = None,
) -> None:
    """Validate a policy; every refusal names file and line. Exit code 1 when it is wrong."""
    from bot.terminal import print_line
    from bot.wiring import load_policy

    path = file or settings().creditdesk_policy
    try:
        policy = load_policy(path)
    except PolicyError as problem:
        if problem.code in {"file_missing", "file_is_folder"}:
            raise
        _explain(problem)
        raise typer.Exit(1) from None
    print_line(f"{path.name}: OK, fingerprint {policy.fingerprint}")


@policy_app.command("show")
def policy_show(as_json: Json = False) -> None:
    """Print the policy in force."""
    from bot.terminal import print_json, print_line
    from bot.wiring import load_policy, read_text

    path = settings().creditdesk_policy
    policy = load_policy(path)
    if as_json:
        print_json(policy.as_json())
    else:
        print_line(read_text(path))


@policy_app.command("preview")
def policy_preview(
    file: Annotated[Path, typer.Argument(help="The policy to try on the live book.")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """What another policy would make of the live book: grades, and every customer whose grade or verdict moves."""
    from bot.terminal import print_json, print_preview, progress_bar
    from bot.wiring import load_policy
    from flows.preview import preview

    then = load_policy(file)
    desk = open_desk()
    with progress_bar() as progress:
        found = preview(desk, then, progress)
    if as_json:
        print_json(found)
    else:
        print_preview(found, lang or desk.default_lang)


@ledger_app.command("check")
def ledger_check(as_json: Json = False, lang: Lang = None) -> None:
    """All notes on the ledger; exit code 1 when there are any."""
    from bot.terminal import print_json, print_notes, progress_bar
    from flows.ledger import all_notes

    desk = open_desk()
    with progress_bar() as progress:
        notes = all_notes(desk, progress)
    if as_json:
        print_json({"notes": [note.as_json() for note in notes]})
    else:
        print_notes(notes, lang or desk.default_lang)
    if notes:
        raise typer.Exit(1)


@ledger_app.command("confirm")
def ledger_confirm() -> None:
    """Take the decision columns as the sheet shows them now for decided; lists what changes."""
    from bot.terminal import print_notes
    from flows.confirm import confirm_all

    if Globals.on is not None:
        raise typer.BadParameter("ledger confirm takes no --on: what it accepts counts from now on")
    desk = open_desk()
    print_notes(confirm_all(desk), desk.default_lang)


@audit_app.command("verify")
def audit_verify(as_json: Json = False, lang: Lang = None) -> None:
    """Look through the whole chain: changed, missing, reordered, cut-off entries. Exit code 1 when it is not whole."""
    from bot.terminal import print_json, print_line
    from flows.audit import verified_lines, verify

    refuse_local("audit verify")
    chosen = settings()
    found = verify(_record())
    if as_json:
        print_json(found.as_json())
    else:
        for text in verified_lines(lang or chosen.creditdesk_lang, found):
            print_line(text)
    if found.findings:
        raise typer.Exit(1)


@audit_app.command("export")
def audit_export() -> None:
    """Every entry of the chain as a line of JSON, oldest first."""
    from bot.terminal import print_json_line
    from flows.audit import exported

    refuse_local("audit export")
    for entry in exported(_record()):
        print_json_line(entry)


@outbox_app.command("list")
def outbox_list(as_json: Json = False, lang: Lang = None) -> None:
    """Deliveries that were given up, and how many are on their way; exit code 1 when any was given up."""
    from bot.terminal import print_json, print_line
    from flows.outbox import backlog, backlog_lines

    refuse_local("outbox list")
    chosen = settings()
    found = backlog(_record())
    if as_json:
        print_json(found.as_json())
    else:
        for text in backlog_lines(lang or chosen.creditdesk_lang, found):
            print_line(text)
    if found.parked:
        raise typer.Exit(1)


@outbox_app.command("retry")
def outbox_retry(
    item_id: Annotated[str, typer.Argument(metavar="ID", help="As `outbox list` shows it.")], lang: Lang = None
) -> None:
    """Try a parked delivery again; the running desk takes it up within seconds."""
    from bot.terminal import print_line
    from flows.outbox import try_again

    refuse_local("outbox retry")
    chosen = settings()
    print_line(try_again(_record(), item_id, lang or chosen.creditdesk_lang))


def _record() -> Any:
    from bot.wiring import record_of

    return record_of(settings())


def main() -> None:
    """Run a command; an error the desk can explain is one sentence and exit code 2."""
    try:
        app(standalone_mode=True)
    except DeskError as problem:
        sys.exit(_explain(problem))


def _explain(problem: DeskError) -> int:
    from bot.terminal import print_error

    lang = "en"
    try:
        lang = settings().creditdesk_lang
    except DeskError:
        lang = "en"
    print_error(problem, lang)
    return 2


if __name__ == "__main__":
    main()
