"""The service account: its key file, the tokens it gets for signed assertions, what they may do."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ACCOUNT = "creditdesk@demo-project.iam.gserviceaccount.com"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "https://oauth2.googleapis.com/token"
"""What google-auth signs, whatever the key file's token_uri says."""
HOUR = 3600
SKEW = 300
AUTH = "https://www.googleapis.com/auth/"


class GrantError(Exception):
    """Why no token is given: (error, description)."""


class Accounts:
    """One account. Tokens are signed with `secret`, so that they outlive a restart that keeps it."""

    def __init__(self, secret: str = "") -> None:
        """No key yet."""
        self.secret = (secret or secrets.token_hex(16)).encode()
        self.revoked = False
        self._key: rsa.RSAPrivateKey | None = None
        self._key_id = self._token_uri = ""

    def write_key(self, token_uri: str, path: Path) -> Path:
        """A key file whose token_uri is this server; an existing file keeps its key."""
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if "private_key" in kept:
            loaded = serialization.load_pem_private_key(kept["private_key"].encode(), None)
            self._key = loaded if isinstance(loaded, rsa.RSAPrivateKey) else None
        self._key = self._key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._key_id, self._token_uri = kept.get("private_key_id") or secrets.token_hex(8), token_uri
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        content = {
            "type": "service_account", "project_id": "demo-project", "private_key_id": self._key_id,
            "private_key": pem.decode(), "client_email": ACCOUNT, "client_id": "1", "token_uri": token_uri,
        }  # fmt: skip
        path.touch(mode=0o600)
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    def grant(self, grant_type: str, assertion: str) -> dict[str, Any]:
        """A token for a signed assertion; GrantError names what is wrong with it."""
        if grant_type != GRANT:
            raise GrantError("unsupported_grant_type", f"Invalid grant_type: {grant_type[:60]}")
        claims = self._verified(assertion)
        now = time.time()
        if claims.get("iss") != ACCOUNT or self.revoked:
            raise GrantError("invalid_grant", "Invalid grant: account not found")
        if claims.get("aud") not in {self._token_uri, AUDIENCE}:
            raise GrantError("invalid_grant", "Invalid JWT: Failed audience check.")
        issued, expires = claims.get("iat"), claims.get("exp")
        if not isinstance(issued, int | float) or not isinstance(expires, int | float):
            raise GrantError("invalid_grant", "Invalid JWT: iat and exp are required.")
        if expires <= now - SKEW or issued > now + SKEW or expires - issued > HOUR:
            raise GrantError(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
            )
        scopes = str(claims.get("scope", "")).split()
        if not scopes:
            raise GrantError("invalid_scope", "Empty or missing scope not allowed.")
        return {"access_token": self._token(scopes, now + HOUR), "expires_in": HOUR - 1, "token_type": "Bearer"}

    def _verified(self, assertion: str) -> dict[str, Any]:
        parts = assertion.split(".")
        try:
            header, claims, signature = (_decoded(part) for part in parts)
            head, found = json.loads(header), json.loads(claims)
            signed = f"{parts[0]}.{parts[1]}".encode()
            self._public().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except (ValueError, TypeError, InvalidSignature):
            raise GrantError("invalid_grant", "Invalid JWT Signature.") from None
        if not isinstance(head, dict) or head.get("alg") != "RS256" or head.get("kid", self._key_id) != self._key_id:
            raise GrantError("invalid_grant", "Invalid JWT Signature.")
        return found if isinstance(found, dict) else {}

    def _public(self) -> rsa.RSAPublicKey:
        if self._key is None:
            raise GrantError("invalid_grant", "Invalid grant: account not found")
        return self._key.public_key()

    def _token(self, scopes: list[str], until: float) -> str:
        body = base64.urlsafe_b64encode(json.dumps([scopes, until]).encode()).decode()
        return f"ya29.{body}.{self._sign(body)}"

    def _sign(self, body: str) -> str:
        return hmac.new(self.secret, body.encode(), hashlib.sha256).hexdigest()[:32]

    def scopes_of(self, token: str) -> frozenset[str] | None:
        """What a token may do, without the common prefix; None when it is none of ours or over."""
        parts = token.split(".")
        if len(parts) != 3 or self.revoked or not hmac.compare_digest(self._sign(parts[1]), parts[2]):
            return None
        scopes, until = json.loads(_decoded(parts[1]))
        return frozenset(scope.removeprefix(AUTH) for scope in scopes) if until > time.time() else None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
