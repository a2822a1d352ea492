"""
Rego evaluation off the interpreter's lock (the Rust crate beside this file).

Everything here raises the classes of ``bylaw.errors``. Evaluations run on the crate's own threads; other Python threads
go on meanwhile.
"""

from collections.abc import Mapping, Set
from typing import Any, Literal, TypedDict, final

from bylaw.errors import BylawError

MAX_INPUT_BYTES: int
"""The largest input that is read. Doors agree to less."""

MAX_JSON_DEPTH: int
"""The deepest JSON document that is read: input, data, and what ``split_object`` and the like are given by default."""

@final
class Snapshot:
    """Modules and data, checked and ready. Immutable; every method may be called from any thread."""

    def evaluate(
        self,
        entrypoint: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = 10.0,
        strict_builtin_errors: bool = False,
    ) -> bytes | None:
        """The document at ``data/<entrypoint>`` as compact JSON; ``None`` where it is undefined."""

    def evaluate_here(
        self,
        entrypoint: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = 10.0,
        strict_builtin_errors: bool = False,
    ) -> bytes | None:
        """
        As ``evaluate``, on the caller's thread, which then has to have a stack of the usual size. ``native`` only:
        ``regorus`` needs the stacks of the crate's own threads, and evaluates there.
        """

    def submit(
        self,
        completions: Completions,
        token: int,
        entrypoint: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = 10.0,
        strict_builtin_errors: bool = False,
    ) -> None:
        """
        As ``evaluate``, but returns at once; the answer arrives in ``completions`` under ``token``.

        Raises:
            EvaluatorUnavailable: Too many evaluations are waiting already.
        """

    def query(
        self,
        query: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = 10.0,
        strict_builtin_errors: bool = False,
        watch: Watch | None = None,
    ) -> bytes:
        """
        A JSON list, one object a result: ``expressions`` (value, text, location), ``bindings`` if any.

        What happens on the way is told to ``watch``, also where the evaluation ends in an error.
        """

    def observe(
        self,
        entrypoint: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = 10.0,
        strict_builtin_errors: bool = False,
        watch: Watch | None = None,
    ) -> tuple[bytes | None, dict[str, tuple[list[int], list[int]]], list[str]]:
        """
        As ``evaluate``: the value; for each file the lines covered and not covered; what ``print`` said.

        ``native`` tells ``watch`` and answers no lines; ``regorus`` answers lines and tells nothing.
        """

    def defines(self, entrypoint: str) -> bool:
        """Whether a rule of this path, or one below it, was loaded. Data does not count."""

    def packages(self) -> list[str]:
        """The packages of all modules, sorted, with slashes: ``bylaw/compose``."""

@final
class Completions:
    """Answers on their way to one event loop: it watches ``fileno()`` for reading, and then calls ``take()``."""

    def __new__(cls) -> Completions: ...
    def fileno(self) -> int: ...
    def take(self) -> list[tuple[int, bytes | BylawError | None]]:
        """All that is done since the last call. Only the event loop's thread calls this."""

@final
class Watch:
    """
    What evaluations of ``native`` tell beside their values. It may be given to many, from any thread: it adds up.
    What is not asked for here is not told, and answered as empty or ``None``.
    """

    def __new__(cls, *, trace: bool = False, profile: bool = False, coverage: bool = False) -> Watch: ...
    def trace_text(self, explanation: Literal["notes", "fails", "full"]) -> str:
        """The events, one a line, as ``opa eval --explain`` prints them."""

    def trace_json(self, explanation: Literal["notes", "fails", "full"]) -> bytes | None:
        """A list of objects: ``op``, ``type``, ``node``, ``location``, ``query_id``, ``parent_id``, ``message``."""

    def profile_json(self) -> bytes | None:
        """A list of objects, one a line of a policy, in the form of ``opa eval --profile``; the slowest first."""

    def rules_json(self) -> bytes | None:
        """As ``profile_json``, one a rule: ``rule``, ``location``, ``num_enter``, ``num_exit``, ``total_time_ns``."""

    def coverage_json(self, modules: Mapping[str, str], *, rego_v0: bool = False) -> bytes | None:
        """The report on these modules, as they were loaded, in the form of ``opa test --coverage``."""

class Import(TypedDict):
    path: list[str]
    alias: str
    row: int
    column: int

class Reference(TypedDict):
    root: str
    """``data`` or ``input``."""
    path: list[str | None]
    """The steps below the root; ``None`` where a step is known only when it is evaluated."""
    row: int
    column: int

class Call(TypedDict):
    name: str
    is_builtin: bool
    arguments: int
    row: int
    column: int

class Annotations(TypedDict):
    value: dict[str, Any]
    """The METADATA block as ``opa inspect`` shows it."""
    entrypoint: bool
    row: int
    column: int

class Rule(TypedDict):
    path: list[str]
    """Below the package, up to the first variable."""
    parameters: int | None
    """``None`` where the rule is no function."""
    is_default: bool
    is_set: bool
    """Whether it collects a set (``contains``)."""
    row: int
    column: int
    references: list[Reference]
    """Those of its ``else`` branches as well, in order of place. So are ``calls``."""
    calls: list[Call]
    annotations: list[Annotations]

class Module(TypedDict):
    file: str
    package: list[str]
    row: int
    column: int
    imports: list[Import]
    rules: list[Rule]
    annotations: list[Annotations]
    """Those of the package."""

def load(
    modules: Mapping[str, str],
    data_json: bytes,
    *,
    evaluator: Literal["native", "regorus"] = "native",
    rego_v0: bool = False,
    keeps_print: bool = False,
    capabilities_json: bytes | None = None,
    schemas_json: bytes | None = None,
    strict: bool = False,
    v0_files: Set[str] = ...,
) -> Snapshot:
    """
    Parse, check and prepare modules (text by file name) with the base data (a JSON object).

    ``native`` is our engine. ``regorus`` is the second opinion; it keeps ``print`` always and reads Rego v1 only.
    ``rego_v0``: modules are Rego v0 unless they say otherwise; else those named in ``v0_files``. ``keeps_print``:
    ``observe`` gives what ``print`` said. ``strict``: OPA's strict checks as well. ``capabilities_json``: what modules
    may use, a capabilities file of OPA; without, all but the built-ins that reach outside (``http.send``,
    ``net.lookup_ip_addr``, ``opa.runtime``). A call of what is not there is an error. ``schemas_json``: an object of
    JSON Schemas by name, the steps of names divided by ``/``; ``schemas`` of METADATA name them, and the one without a
    name is that of ``input``. Without, named schemas say nothing.

    Raises:
        PolicyError: A module does not parse, recurses, or calls what does not exist here; the others are its ``more``.
        InputError: The data is no JSON object within the limits.
    """

def parse_module(file: str, text: str, *, rego_v0: bool = False) -> Module:
    """
    What a module says about itself: package, imports, rules, and each reference and call with its place.

    Names are resolved as when it is loaded: an import, or a rule of the module, stands as the path that it means. Rules
    that other files add to its package are not known to it. Operators are no calls.

    Raises:
        PolicyError: It does not parse.
    """

def split_object(body: bytes, *, max_depth: int = ...) -> dict[str, bytes]:
    """
    The members of a JSON object, each value as the text it stands in. The whole text is checked.

    Raises:
        MalformedInput, InputTooDeep, DuplicateKey: With the JSON pointer in the message.
    """

def split_array(body: bytes, *, max_depth: int = ...) -> list[bytes]:
    """The items of a JSON array, each as its own text. Raises as ``split_object``."""

def check_json(text: bytes, *, max_depth: int = ...) -> None:
    """Refuse what is not one JSON document within the limits; raises as ``split_object``."""

def canonical_json(text: bytes) -> bytes:
    """Sorted keys, compact, strings escaped as Go does, numbers as they were written; raises as ``split_object``."""

@final
class JsonSchema:
    """A JSON Schema, of the draft that it names. Raises ``ValueError`` where it is none."""

    def __new__(cls, schema_json: bytes) -> JsonSchema: ...
    def fits(self, document_json: bytes) -> bool:
        """Whether the document is valid; what is no JSON is not."""

@final
class YamlPlaces:
    """Where the values of one document stand: of an entry its key, of an element its beginning."""

    def at(self, pointer: tuple[str | int, ...]) -> tuple[int, int]:
        """Row and column, from one, of the value, or of the nearest thing around it that has a place."""

def read_yaml(
    text: str, *, file: str, max_depth: int, max_values: int, max_documents: int, max_noted_steps: int
) -> list[tuple[Any, YamlPlaces, dict[tuple[str | int, ...], str], tuple[tuple[str | int, ...], ...]]]:
    """
    Every document of a YAML 1.2 stream, empty ones as ``None``: its value, its places, how numbers were written where
    the value loses it, and the unquoted words that YAML 1.1 takes for true or false.

    What aliases stand for is one object, however often. ``max_values`` counts it as often as it is used;
    ``max_noted_steps`` bounds the lengths of all pointers answered.

    Raises:
        MalformedInput, DuplicateKey, InputTooDeep, InputTooLarge: Each with its place in ``file``.
    """
