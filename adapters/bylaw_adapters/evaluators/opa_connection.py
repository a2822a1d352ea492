"""
Talking to a running OPA: opa-python-client, with bodies left as the bytes they are. Knows OPA's REST API and its error
document, and nothing of laws or snapshots.

The client's own query methods parse and print JSON on the way, which rounds numbers that OPA keeps; its session,
retries and credentials are used as they are.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import requests
from opa_client.opa import OpaClient

from bylaw.errors import (
    EvaluationFailed,
    EvaluationTimedOut,
    EvaluatorUnavailable,
    InvalidSetting,
    Location,
    PolicyError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

# For everything but evaluations, which have deadlines of their own. Compiling a large policy takes OPA seconds.
_MANAGEMENT_TIMEOUT_SECONDS = 30.0

_DEFAULT_PORTS = {"http": 80, "https": 443}


class OpaConnection(OpaClient):  # type: ignore[misc]  # the client is untyped
    """One OPA, by its address. Safe to use from several threads."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise InvalidSetting(f"the address of OPA must be http(s)://host:port, not {url!r}")
        super().__init__(
            host=f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname,
            port=parts.port or _DEFAULT_PORTS[parts.scheme],
            ssl=parts.scheme == "https",
            token=token,
            timeout=_MANAGEMENT_TIMEOUT_SECONDS,
        )
        self.url = url

    def put_data(self, data_json: bytes) -> None:
        """Replace all base data."""
        self._accepted(self._send("PUT", "data", body=data_json))

    def put_policy(self, file: str, text: str) -> PolicyError | None:
        """Add or replace a module; what OPA says against it, if anything."""
        response = self._send("PUT", f"policies/{quote(file, safe='/')}", body=text.encode(), content_type="text/plain")
        if response.status_code == requests.codes.bad_request:
            return _policy_error(response)
        self._accepted(response)
        return None

    def remove_policy(self, file: str) -> bool:
        """Whether it is gone: not while other modules need it."""
        return self._send("DELETE", f"policies/{quote(file, safe='/')}").ok

    def policies(self) -> list[dict[str, Any]]:
        """Every module that OPA holds: ``id``, ``raw``, ``ast``."""
        policies: list[dict[str, Any]] = self._accepted(self._send("GET", "policies")).json().get("result", [])
        return policies

    def document(
        self, steps: Iterable[str], input_json: bytes | None, *, deadline_seconds: float, strict_builtin_errors: bool
    ) -> bytes:
        """The answer to ``POST /v1/data/…``, as it came."""
        path = "/".join(["data", *(quote(step, safe="") for step in steps)])
        parameters = "?strict-builtin-errors=true" if strict_builtin_errors else ""
        body = b"{}" if input_json is None else b'{"input":' + input_json + b"}"
        return self._evaluated(f"{path}{parameters}", body, deadline_seconds)

    def results(self, query: str, input_json: bytes | None, *, deadline_seconds: float) -> bytes:
        """
        The answer to ``POST /v1/query``, as it came.

        Raises:
            PolicyError: OPA refuses the query.
        """
        body = b'{"query":' + json.dumps(query).encode()
        body += b"}" if input_json is None else b',"input":' + input_json + b"}"
        return self._evaluated("query", body, deadline_seconds)

    def _evaluated(self, path: str, body: bytes, deadline_seconds: float) -> bytes:
        started = time.monotonic()
        response = self._send("POST", path, body=body, timeout=deadline_seconds)
        if time.monotonic() - started > deadline_seconds:  # the client's timeout is for each read, not for the whole
            raise EvaluationTimedOut(f"OPA took longer than {deadline_seconds} s")
        if response.ok:
            return bytes(response.content)
        if response.status_code == requests.codes.bad_request:
            raise _policy_error(response)
        raise self._failure(response)

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        content_type: str = "application/json",
        timeout: float = _MANAGEMENT_TIMEOUT_SECONDS,
    ) -> requests.Response:
        try:
            response: requests.Response = self._session.request(
                method,
                f"{self.root_url}/{path}",
                data=body,
                headers={"Content-Type": content_type},
                timeout=timeout,
                allow_redirects=False,
            )
        except requests.Timeout as error:
            raise EvaluationTimedOut(f"OPA at {self.url} did not answer within {timeout} s") from error
        except requests.RequestException as error:
            raise EvaluatorUnavailable(f"OPA at {self.url} cannot be reached: {error}") from error
        return response

    def _accepted(self, response: requests.Response) -> requests.Response:
        if not response.ok:
            raise self._failure(response)
        return response

    def _failure(self, response: requests.Response) -> EvaluationFailed | EvaluatorUnavailable:
        document = _error_document(response)
        if response.status_code != requests.codes.internal_server_error:
            message = f"OPA at {self.url} answered {response.status_code}: {document.get('message', '')}"
            return EvaluatorUnavailable(message)
        code, message, location = _first_error(document)
        return EvaluationFailed(message, code=code, location=location)


def _policy_error(response: requests.Response) -> PolicyError:
    code, message, location = _first_error(_error_document(response))
    return PolicyError(message, code=code, location=location)


def _error_document(response: requests.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except requests.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def _first_error(document: dict[str, Any]) -> tuple[str | None, str, Location | None]:
    errors = document.get("errors") or [{}]
    place = errors[0].get("location") or {}
    location = None
    if "row" in place:
        location = Location(place.get("file") or "<query>", place["row"], place.get("col", 1))
    return errors[0].get("code"), errors[0].get("message") or document.get("message", "no reason given"), location
