"""Settings: one frozen object, read once from the environment and .env."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What .env.example lists; a test holds the two against each other."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    google_service_account_file: str = ""
    ledger_spreadsheet_id: str = ""
    google_api_url: str = ""
    database_url: SecretStr = SecretStr("")
    creditdesk_audit_key: SecretStr = SecretStr("")
    creditdesk_home: Path = Path("var")
    creditdesk_policy: Path = Path("policy.yaml")
    creditdesk_people: Path = Path("people.yaml")
    creditdesk_ledger_map: Path = Path("ledger.yaml")
    creditdesk_channels: Path = Path("channels.yaml")
    creditdesk_transport: Literal["socket", "http"] = "socket"
    creditdesk_http_host: str = "127.0.0.1"
    creditdesk_http_port: int = Field(3000, ge=1, le=65535)
    creditdesk_lang: Literal["zh-CN", "en"] = "zh-CN"
