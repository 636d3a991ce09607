"""The Bolt app: who listens, how it reaches Slack, Socket Mode or HTTP."""

import logging
import signal
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.settings import Settings
from bot.wiring import google_desk
from flows.desk import Desk
from flows.start import wake
from handlers import chat, home, lookup
from handlers.later import Later
from handlers.readers import Readers
from schedules.runner import start as start_schedules
from scoring.errors import MisuseError

_log = logging.getLogger("creditdesk")
MAX_BODY = 1_000_000


def slack_client(settings: Settings) -> WebClient:
    """A client that never sends twice by itself: what is unknown is not repeated."""
    return WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=10,
        retry_handlers=[],
    )


def build_app(settings: Settings, desk: Desk, client: WebClient, later: Later) -> App:
    """The app with all listeners. Reads are local, so everything is decided before the acknowledgement."""
    app = App(
        client=client,
        signing_secret=settings.slack_signing_secret.get_secret_value() or "socket-mode",
        process_before_response=True,
        token_verification_enabled=False,
        listener_executor=ThreadPoolExecutor(32, thread_name_prefix="listener"),
        raise_error_for_unhandled_request=False,
        logger=quiet_logger(),
    )
    readers = Readers(desk, client)
    lookup.register(app, desk, readers, later)
    chat.register(app, desk, readers, later)
    home.register(app, desk, readers, later)
    later.do(lambda: _learn_team(client, readers))
    return app


def quiet_logger() -> logging.Logger:
    """Bolt logs whole bodies at INFO and DEBUG: only errors pass."""
    logger = logging.getLogger("creditdesk.bolt")
    logger.setLevel(logging.ERROR)
    return logger


def _learn_team(client: WebClient, readers: Readers) -> None:
    readers.team = str(client.auth_test()["team_id"])


def poster(client: WebClient) -> Callable[[str, Any], bool]:
    """Sends a direct message; False when it did not go out."""

    def post(person: str, message: Any) -> bool:
        try:
            client.chat_postMessage(channel=person, unfurl_links=False, **message)
        except (SlackClientError, OSError) as problem:
            _log.warning("direct message not sent: %s", type(problem).__name__)
            return False
        return True

    return post


def serve(settings: Settings) -> None:
    """Run until a signal says stop. Answers begin with the last good copy when Google is away."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("slack_sdk", "slack_bolt", "apscheduler", "urllib3", "google"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    for name, value in (
        ("SLACK_BOT_TOKEN", settings.slack_bot_token.get_secret_value()),
        ("SLACK_APP_TOKEN", settings.slack_app_token.get_secret_value()),
    ):
        if not value and (settings.creditdesk_transport == "socket" or name == "SLACK_BOT_TOKEN"):
            raise MisuseError("setting_missing", name=name)
    if settings.creditdesk_transport == "http" and not settings.slack_signing_secret.get_secret_value():
        raise MisuseError("setting_missing", name="SLACK_SIGNING_SECRET")
    desk = google_desk(settings)
    problem = wake(desk)
    if problem is not None:
        _log.warning("answering from the last good copy: %s", problem.code)
    client = slack_client(settings)
    try:
        client.auth_test()
    except SlackApiError as refused:
        raise MisuseError("slack_token", name="SLACK_BOT_TOKEN", why=str(refused.response.get("error"))) from None
    except (SlackClientError, OSError) as away:
        _log.warning("Slack is away: %s", type(away).__name__)
    later = Later()
    app = build_app(settings, desk, client, later)
    scheduler = start_schedules(desk, poster(client))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        if settings.creditdesk_transport == "socket":
            handler = SocketModeHandler(app, settings.slack_app_token.get_secret_value(), ping_interval=10)
            handler.connect()  # type: ignore[no-untyped-call]
            _log.info("listening, Socket Mode, %s customers", len(desk.mirror.customer_ids()))
            stop.wait()
            handler.close()  # type: ignore[no-untyped-call]
        else:
            serve_http(app, settings.creditdesk_http_port)
    finally:
        scheduler.shutdown(wait=False)
        later.close()


def serve_http(app: App, port: int) -> None:
    """HTTP mode behind waitress; Bolt checks signatures."""
    from slack_bolt.adapter.wsgi import SlackRequestHandler
    from waitress import serve as waitress

    waitress(
        capped(SlackRequestHandler(app, path="/slack/events")), port=port, threads=16, max_request_body_size=MAX_BODY
    )


def capped(inner: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """A request that is too large or has no length is refused before anything parses it."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            start_response("413 Content Too Large", [("Content-Type", "text/plain")])
            return [b"too large"]
        return inner(environ, start_response)

    return guarded
