"""
Everything that can go wrong here, as one closed tree. Each leaf has a stable ``code``; ``docs/errors.md`` says what it
means and what to do, and a test walks this tree to see that none is undocumented.

    BylawError
    ├── InputError            what the caller gave cannot be read
    │   ├── MalformedInput         malformed_input
    │   ├── InputTooLarge          input_too_large
    │   ├── InputTooDeep           input_too_deep
    │   ├── DuplicateKey           duplicate_key
    │   ├── WrongShape             wrong_shape
    │   ├── UnrecognisedDocument   unrecognised_document
    │   ├── UnreadableInput        unreadable_input
    │   └── NotInTheLaw            not_in_the_law
    ├── PolicyError           Rego that cannot be loaded (carries OPA's code: rego_parse_error, …)
    ├── BundleError           a bundle that must not be loaded
    │   ├── InvalidManifest        bundle_invalid_manifest
    │   ├── BundleTooLarge         bundle_too_large
    │   ├── UnsafeMember           bundle_unsafe_member
    │   ├── OverlappingRoots       bundle_overlapping_roots
    │   ├── OutsideRoots           bundle_outside_roots
    │   ├── ForbiddenReference     bundle_forbidden_reference
    │   ├── LoosenedLaw            bundle_loosened_law
    │   ├── InvalidPolicyDocument  bundle_invalid_policy_document
    │   ├── InvalidDelta           bundle_invalid_delta
    │   ├── FailingTests           bundle_failing_tests
    │   ├── InvalidSignature       bundle_invalid_signature
    │   ├── UnknownRevision        bundle_unknown_revision
    │   └── UnreadableBundle       bundle_unreadable
    ├── EvaluationError       a decision that could not be reached
    │   ├── EvaluationFailed       eval_error (or OPA's own code: eval_conflict_error, eval_builtin_error)
    │   ├── EvaluationTimedOut     eval_cancel_error
    │   └── EvaluatorUnavailable   evaluator_unavailable
    ├── UndefinedDecision     undefined_decision
    ├── AuditError            the record of decisions
    │   ├── AuditUnavailable       audit_unavailable
    │   ├── AuditCorrupt           audit_corrupt
    │   └── UnknownDecision        unknown_decision
    ├── WaiverError           a waiver that is not what was asked for
    │   ├── UnknownWaiver          unknown_waiver
    │   ├── WaiverRefused          waiver_refused
    │   ├── WaiverSettled          waiver_settled
    │   └── WaiversUnavailable     waivers_unavailable
    ├── RequestError          a request that is not served, whatever it asks
    │   ├── Unauthorized           unauthorized
    │   ├── RequestTimedOut        request_timed_out
    │   └── ServiceBusy            service_busy
    └── SettingsError         a configuration that must not be run
        ├── UnknownSetting         unknown_setting
        ├── InvalidSetting         invalid_setting
        └── UnsafeBinding          unsafe_binding
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a text: ``file:row:column``, both counted from one."""

    file: str
    row: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.row}:{self.column}"


class BylawError(Exception):
    """The root. ``code`` is stable and documented; the message says what was wanted and what came."""

    code: str = "internal_error"

    def __init__(self, message: str, *, location: Location | None = None) -> None:
        self.message = message
        self.location = location
        super().__init__(f"{location}: {message}" if location else message)


class InputError(BylawError):
    """What the caller gave cannot be read. Nothing is decided on it."""


class MalformedInput(InputError):
    """The text is not what its format allows: broken JSON or YAML, not UTF-8, a tag, an alias bomb."""

    code = "malformed_input"


class InputTooLarge(InputError):
    """More bytes than this door agreed to read."""

    code = "input_too_large"


class InputTooDeep(InputError):
    """Nested deeper than any document of ours is."""

    code = "input_too_deep"


class DuplicateKey(InputError):
    """An object says the same key twice: two facts that contradict each other, and no rule for which one holds."""

    code = "duplicate_key"


class WrongShape(InputError):
    """Well-formed, but not of the shape that this door or kind reads. The message names the JSON pointer."""

    code = "wrong_shape"


class UnrecognisedDocument(InputError):
    """A document of no kind that we know how to judge. It is never a pass."""

    code = "unrecognised_document"


class UnreadableInput(InputError):
    """A file that is not there, is none, or may not be read. Whoever named it wanted it judged."""

    code = "unreadable_input"


class NotInTheLaw(InputError):
    """A policy or a domain that was named, and that the law at hand does not have."""

    code = "not_in_the_law"


class PolicyError(BylawError):
    """
    Rego that cannot be loaded. ``code`` is the one OPA gives to the same mistake (``rego_parse_error``,
    ``rego_compile_error``, ``rego_type_error``, ``rego_recursion_error``, ``rego_unsafe_var_error``). ``more`` are the
    other mistakes that were found with it.
    """

    code = "rego_compile_error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        location: Location | None = None,
        more: tuple[PolicyError, ...] = (),
    ) -> None:
        super().__init__(message, location=location)
        if code is not None:
            self.code = code
        self.more = more

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text} (and {len(self.more)} more)" if self.more else text


class BundleError(BylawError):
    """A bundle that must not be loaded; what runs keeps running."""


class InvalidManifest(BundleError):
    """The ``.manifest`` is not JSON, or says what a manifest cannot say."""

    code = "bundle_invalid_manifest"


class BundleTooLarge(BundleError):
    """The bundle, or a member of it, is larger than this engine agreed to read."""

    code = "bundle_too_large"


class UnsafeMember(BundleError):
    """A member that steps outside the archive, is a link or a device, or stands there twice."""

    code = "bundle_unsafe_member"


class OverlappingRoots(BundleError):
    """Two bundles, or two roots of one, claim the same part of ``data``."""

    code = "bundle_overlapping_roots"


class OutsideRoots(BundleError):
    """A package or a data path outside the roots that the bundle declares."""

    code = "bundle_outside_roots"


class ForbiddenReference(BundleError):
    """A domain's rule reads what is not its own to read (design, section 3.4)."""

    code = "bundle_forbidden_reference"


class LoosenedLaw(BundleError):
    """A domain's bundle asks for less than the council does, or grants and raises what is not its own."""

    code = "bundle_loosened_law"


class InvalidPolicyDocument(BundleError):
    """A YAML policy, a waiver or a parameter that does not fit its schema."""

    code = "bundle_invalid_policy_document"


class InvalidDelta(BundleError):
    """A delta bundle that changes more than data, or does not fit the bundle it is for."""

    code = "bundle_invalid_delta"


class FailingTests(BundleError):
    """A test that stands in the bundle fails."""

    code = "bundle_failing_tests"


class InvalidSignature(BundleError):
    """Not signed, not by a key that is known, not for this scope, or a file is not what was signed."""

    code = "bundle_invalid_signature"


class UnknownRevision(BundleError):
    """No release of that revision is kept, so there is nothing to go back to."""

    code = "bundle_unknown_revision"


class UnreadableBundle(BundleError):
    """No such file, a source that cannot be reached, not gzip, cut short, or not readable."""

    code = "bundle_unreadable"


class EvaluationError(BylawError):
    """A decision that could not be reached. Each door says what that means to its caller; none says *allowed*."""


class EvaluationFailed(EvaluationError):
    """The evaluation ended in an error of the policy (a conflict, a built-in) or of the evaluator."""

    code = "eval_error"

    def __init__(self, message: str, *, code: str | None = None, location: Location | None = None) -> None:
        super().__init__(message, location=location)
        if code is not None:
            self.code = code


class EvaluationTimedOut(EvaluationError):
    """The evaluation was stopped at its deadline. The code is OPA's."""

    code = "eval_cancel_error"


class EvaluatorUnavailable(EvaluationError):
    """The evaluator itself cannot be reached (a remote OPA) or takes no more work (it is full, or shutting down)."""

    code = "evaluator_unavailable"


class UndefinedDecision(BylawError):
    """The entrypoint has no value for this input, so there is nothing to answer."""

    code = "undefined_decision"


class AuditError(BylawError):
    """The record of decisions."""


class AuditUnavailable(AuditError):
    """The record could not be made durable, so the decision is not given."""

    code = "audit_unavailable"


class AuditCorrupt(AuditError):
    """The chain does not hold: something was changed, removed, reordered or cut."""

    code = "audit_corrupt"


class UnknownDecision(AuditError):
    """No record of that decision is in the log."""

    code = "unknown_decision"


class WaiverError(BylawError):
    """What was asked of a waiver was not done."""


class UnknownWaiver(WaiverError):
    """No waiver of that id was requested here."""

    code = "unknown_waiver"


class WaiverRefused(WaiverError):
    """The law does not let this caller request, approve or withdraw that waiver."""

    code = "waiver_refused"


class WaiverSettled(WaiverError):
    """It was approved or withdrawn already."""

    code = "waiver_settled"


class WaiversUnavailable(WaiverError):
    """The waivers cannot be read or stored; nothing was changed."""

    code = "waivers_unavailable"


class RequestError(BylawError):
    """A request that is not served, whatever it asks. Nothing was decided."""


class Unauthorized(RequestError):
    """The caller did not show who it is, or the law does not let it ask. The message holds no secret."""

    code = "unauthorized"


class RequestTimedOut(RequestError):
    """The caller took longer to send its request than this service waits."""

    code = "request_timed_out"


class ServiceBusy(RequestError):
    """As many requests as this service takes at once are being served, or it is shutting down."""

    code = "service_busy"


class SettingsError(BylawError):
    """A configuration that must not be run."""


class UnknownSetting(SettingsError):
    """A key that no setting has. The message names the nearest."""

    code = "unknown_setting"


class InvalidSetting(SettingsError):
    """A value that the setting cannot take, or two that exclude each other."""

    code = "invalid_setting"


class UnsafeBinding(SettingsError):
    """An address beyond loopback without authentication and authorisation."""

    code = "unsafe_binding"
