"""The Bolt app: who listens, how it reaches Slack, Socket Mode or HTTP."""

import gc
import logging
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App
from slack_sdk import WebClient

from bot.http_mode import serve_http
from bot.identity import Identity
from bot.settings import Settings
from bot.socket_mode import serve_socket
from bot.wiring import google_desk, ledger_writer
from flows.approval import Decide
from flows.decide import decide
from flows.deliver import deliver_next
from flows.desk import Desk
from flows.form import Submit
from flows.groups import refresh_groups
from flows.outgoing import Ports
from flows.request_texts import CardTexts
from flows.start import wake
from flows.submit import submit
from handlers import case_message, chat, home, lookup
from handlers.absence import Absence
from handlers.application import Application
from handlers.approval import Approval
from handlers.case import Cases
from handlers.collect import Collect
from handlers.downloads import Downloads
from handlers.errors import Guard
from handlers.later import Later
from handlers.outgoing import SlackDoor
from handlers.quiet import quiet_logger
from handlers.readers import Readers
from handlers.sending import AWAY, notify, refusal
from schedules.pump import Bell, Pump
from schedules.runner import start as start_schedules
from scoring.errors import MisuseError

_log = logging.getLogger("creditdesk")


def slack_client(settings: Settings) -> WebClient:
    """A client that never sends twice by itself: what is unknown is not repeated."""
    return WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=10,
        retry_handlers=[],
        logger=quiet_logger(),
    )


def build_app(
    settings: Settings,
    desk: Desk,
    client: WebClient,
    later: Later,
    identity: Identity | None = None,
    submit: Submit = submit,
    decide: Decide = decide,
) -> App:
    """The app with all listeners. Reads are local, so everything is decided before the acknowledgement.

    `submit` files the requests of application forms, `decide` records what is done with a request.
    """
    known = identity or Identity(client.token or "")
    app = App(
        client=WebClient(base_url=client.base_url, timeout=client.timeout, retry_handlers=[], logger=quiet_logger()),
        authorize=known,
        signing_secret=settings.slack_signing_secret.get_secret_value() or "socket-mode",
        process_before_response=True,
        listener_executor=ThreadPoolExecutor(32, thread_name_prefix="listener"),
        raise_error_for_unhandled_request=False,
        logger=quiet_logger(),
    )
    readers = Readers(desk, client, later, lambda quick: known.team or known.learn(quick))
    guard = Guard(readers, later, desk.default_lang)
    form = Application(desk, guard, Downloads(client.token or "", client.base_url), submit)
    requests = Approval(desk, guard, decide)
    absence, cases = Absence(desk, guard), Cases(desk, guard)
    words = {**form.words(), **requests.words(), **absence.words(), **cases.words()}
    lookup.register(app, desk, guard, later, words, cases.named())
    form.register(app)
    requests.register(app)
    absence.register(app)
    cases.register(app)
    case_message.register(app, desk, guard)
    Collect(desk, guard).register(app)
    chat.register(app, desk, guard)
    home.register(app, desk, guard)
    later.do(readers.warm)
    return app


def serve(settings: Settings) -> None:
    """Run until a signal says stop. Answers begin with the last good copy when Google or Slack is away."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("slack_sdk", "slack_bolt", "apscheduler", "urllib3", "google", "waitress", "alembic"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    _complete(settings)
    bell = Bell()
    desk = google_desk(settings, nudge=bell.ring)
    problem = wake(desk)
    if problem is not None:
        _log.warning("answering from the last good copy: %s", problem.code)
    # the index over names stays for days: the collector need not walk it again and again
    gc.collect()
    gc.freeze()
    client = slack_client(settings)
    identity = Identity(settings.slack_bot_token.get_secret_value())
    try:
        identity.learn(client)
    except AWAY as away:
        _refuse("SLACK_BOT_TOKEN", away)
        _log.warning("Slack is away: %s", type(away).__name__)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    later = Later()
    app = build_app(settings, desk, client, later, identity)
    door = SlackDoor(client)
    ports = Ports(slack=door, texts=CardTexts(), ledger=ledger_writer(desk))
    pump = Pump(lambda owner: deliver_next(desk, ports, owner), bell)
    pump.start()
    later.do(lambda: refresh_groups(desk, door))
    scheduler = start_schedules(desk, lambda whom, message: notify(client, whom, message), door)
    try:
        if settings.creditdesk_transport == "socket":
            serve_socket(app, settings.slack_app_token.get_secret_value(), stop, len(desk.mirror.customer_ids()))
        else:
            secret = settings.slack_signing_secret.get_secret_value()
            serve_http(app, secret, settings.creditdesk_http_host, settings.creditdesk_http_port, stop)
    finally:
        scheduler.shutdown(wait=False)
        if not pump.stop():
            _log.warning("stopped while something was still going out; it is looked for at the next start")
        later.close()


def _complete(settings: Settings) -> None:
    needed = {"SLACK_BOT_TOKEN": settings.slack_bot_token}
    if settings.creditdesk_transport == "socket":
        needed["SLACK_APP_TOKEN"] = settings.slack_app_token
    else:
        needed["SLACK_SIGNING_SECRET"] = settings.slack_signing_secret
    for name, value in needed.items():
        if not value.get_secret_value():
            raise MisuseError("setting_missing", name=name)


def _refuse(name: str, problem: Exception) -> None:
    """A lasting refusal ends the start; anything else may pass."""
    word = refusal(problem)
    if word is not None:
        raise MisuseError("slack_token", name=name, why=word) from None
