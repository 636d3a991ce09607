"""Logs without content: what went wrong, never with what."""

import logging
import re


class FirstWords(logging.Filter):
    """Bolt and slack_sdk put bodies, and tracebacks with what people typed, into lines: the first words must do."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep what went wrong, drop what it went wrong with."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        words = re.split(r"[(:{\n]", str(record.msg), maxsplit=1)[0]
        record.msg, record.args = f"{words[:60].strip()} {kind}".strip(), ()
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def quiet_logger() -> logging.Logger:
    """For Bolt and every client: they log bodies at INFO and DEBUG, so only the first words of errors pass."""
    logger = logging.getLogger("creditdesk.bolt")
    logger.setLevel(logging.ERROR)
    if not logger.filters:
        logger.addFilter(FirstWords())
    return logger
