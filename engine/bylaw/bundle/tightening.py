"""
Whether the domains' bundles ask for at least what the council's does. It takes both, so it is checked wherever bundles
come together: when they are loaded, and at building where the council's is at hand (``--against``).

1. No enforcement of a rule or policy of the council is lowered.
2. A parameter that the council sets is set by a domain only if the council declares which way it is stricter, and only
   that way (``strictness``). ``waivers`` and ``enforcement`` are each layer's own.
3. No quality policy asks for less of a metric than the council asks of every product.
4. No rule or policy calls itself by an id of the council's.

Composition does not depend on any of these: it takes the strictest, whatever a bundle says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bylaw.bundle.contents import Bundle, sources_of
from bylaw.bundle.domain_terms import COUNCIL, STRICTNESS, layer_of, policies_of
from bylaw.bundle.metadata import rules_metadata
from bylaw.bundle.places import place_in, policy_place
from bylaw.bundle.roots import DOMAINS
from bylaw.bundle.strictness import DIRECTIONS, bounds, faults, is_looser, is_number
from bylaw.errors import Location, LoosenedLaw

_OWN = frozenset({"waivers", "enforcement"})


def check_tightening(bundles: Iterable[Bundle]) -> None:
    """
    Raises:
        LoosenedLaw: A domain asks for less than the council; names file and place.
    """
    loaded = list(bundles)
    for council in (bundle for bundle in loaded if COUNCIL in bundle.roots):
        words, taken = _council_words(council), {identifier: rule for rule, identifier in _ids(council)}
        ours = _object(layer_of(council).get("parameters"))
        asked_of_all = list(_asked_of_all(council, ours))
        for bundle in loaded:
            if bundle.domain is None:
                continue
            theirs = _object(layer_of(bundle).get("parameters"))
            _check_enforcement(bundle, bundle.domain, _object(theirs.get("enforcement")), words)  # (1)
            _check_parameters(bundle, bundle.domain, theirs, ours)  # (2)
            _check_policies(bundle, bundle.domain, asked_of_all)  # (3)
            _check_ids(bundle, bundle.domain, taken)  # (4)


def tightens(bundle: Bundle) -> bool:
    """Whether a domain's bundle says anything that only the council's can tell to be a tightening."""
    parameters = _object(layer_of(bundle).get("parameters")).keys() - {"waivers"}
    return bundle.domain is not None and bool(parameters or any(True for _ in policies_of(bundle)))


def _check_enforcement(bundle: Bundle, domain: str, raised: Mapping[str, Any], words: Mapping[str, Any]) -> None:
    for rule, word in raised.items():
        if rule in words and _strictness(word) < _strictness(words[rule]):
            raise LoosenedLaw(
                f"domain {domain} lowers {rule} from {words[rule]} to {word}: a domain raises enforcement",
                location=_parameter_place(bundle, domain, ("enforcement", rule)),
            )


def _council_words(council: Bundle) -> dict[str, Any]:
    """What the council enforces each of its rules and policies by."""
    layer = layer_of(council)
    rules = {rule: _object(entry).get("enforcement", "deny") for rule, entry in _object(layer.get("metadata")).items()}
    policies = {
        f"{COUNCIL}.policies.{policy.get('name')}": policy.get("enforcement", "deny")
        for _, policy in policies_of(council)
    }
    set_here = _object(_object(layer.get("parameters")).get("enforcement"))
    return {**rules, **policies, **set_here}


def _strictness(word: Any) -> int:
    """As composition: a word that is none is a mistake, and mistakes deny."""
    return STRICTNESS.get(word.lower() if isinstance(word, str) else "", STRICTNESS["deny"])


def _check_parameters(bundle: Bundle, domain: str, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> None:
    directions = _object(ours.get("directions"))
    for name in theirs.keys() & ours.keys() - _OWN:
        direction = directions.get(name)
        if direction not in DIRECTIONS:
            raise LoosenedLaw(
                f"domain {domain} sets {name}, a parameter of the council, which does not declare in which direction "
                f"it is stricter (parameters.directions.{name})",
                location=_parameter_place(bundle, domain, (name,)),
            )
        for below, reason in faults(direction, theirs[name], ours[name]):
            path = "/".join(map(str, (DOMAINS, domain, "parameters", name, *below)))
            raise LoosenedLaw(
                f"data/{path} {reason}: a domain sets stricter values (the council's direction is {direction})",
                location=_parameter_place(bundle, domain, (name, *below)),
            )


def _asked_of_all(council: Bundle, ours: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    """Metric, operator and threshold that the council asks of every product."""
    for metric, said in _object(ours.get("quality_thresholds")).items():
        for operator, value in bounds(said).items():
            if is_number(value):
                yield metric, operator, value
    for _, policy in policies_of(council):
        if policy.get("enabled") is not False and not _object(policy.get("metadata")).get("scope"):
            yield from (asked for _, asked in _thresholds(policy))


def _thresholds(policy: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, str, float]]]:
    """What each rule of a quality policy asks for; nothing of other types."""
    if "quality" not in (policy.get("type"), policy.get("policy_type")):
        return
    rules = policy.get("rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else []):
        said = _object(rule)
        if isinstance(said.get("metric"), str) and is_number(said.get("threshold")):
            yield index, (said["metric"], str(said.get("operator", "gte")), said["threshold"])


def _check_policies(bundle: Bundle, domain: str, asked_of_all: list[tuple[str, str, float]]) -> None:
    for number, policy in policies_of(bundle):
        for index, (metric, operator, value) in _thresholds(policy):
            for asked, asked_operator, asked_value in asked_of_all:
                if metric == asked and is_looser(operator, value, asked_operator, asked_value):
                    raise LoosenedLaw(
                        f"policy {policy.get('name')} of domain {domain} asks {metric} {operator} {value}, looser than "
                        f"the council's {asked_operator} {asked_value}: a domain sets stricter thresholds",
                        location=_policy_place(bundle, domain, number, policy, ("rules", index, "threshold")),
                    )


def _check_ids(bundle: Bundle, domain: str, taken: Mapping[str, str]) -> None:
    for rule, identifier in _ids(bundle):
        if identifier in taken:
            raise LoosenedLaw(
                f"{rule} of domain {domain} calls itself {identifier}, which is {taken[identifier]}: "
                "a domain does not redefine what the council's rules are",
                location=_rule_place(bundle, domain, rule),
            )


def _ids(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Each rule and policy that has one; what a rule says of itself counts where no data repeats it."""
    root = f"{DOMAINS}.{bundle.domain}" if bundle.domain else COUNCIL
    for entries in rules_metadata(sources_of(bundle)).values():
        for rule, entry in entries.items():
            if "id" in entry:
                yield rule, entry["id"]
    for _, policy in policies_of(bundle):
        if isinstance(identifier := _object(policy.get("metadata")).get("id"), str):
            yield f"{root}.policies.{policy.get('name')}", identifier


def _rule_place(bundle: Bundle, domain: str, rule: str) -> Location | None:
    for source in sources_of(bundle):
        if ".".join(source.package) == rule:
            return source.package_location
    for index, policy in policies_of(bundle):
        if rule.endswith(f".policies.{policy.get('name')}"):
            return _policy_place(bundle, domain, index, policy, ("metadata", "id"))
    return None


def _parameter_place(bundle: Bundle, domain: str, below: tuple[str | int, ...]) -> Location | None:
    return place_in(bundle.written, (DOMAINS, domain, "parameters", *below), bundle=bundle.name)


def _policy_place(
    bundle: Bundle, domain: str, index: int, policy: Mapping[str, Any], below: tuple[str | int, ...]
) -> Location | None:
    return policy_place(bundle.written, (DOMAINS, domain), index, policy, below, bundle=bundle.name)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
