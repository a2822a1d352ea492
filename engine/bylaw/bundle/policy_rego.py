"""
A YAML policy as Rego: a rule package of the policy's layer that says the same, written as ``opa fmt`` writes. It judges
nothing and calls the library's helpers as the interpreter does, so that a domain may put it in the place of the YAML.

What the interpreter adds to a statement (``policy``, ``details.unknown``) and the obligation to protect are the
interpreter's alone; the verdict and the messages are the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_ENFORCEMENT = {"mandatory": "deny", "advisory": "warn"}
_LIBRARY = "data.bylaw.lib"
_PLAIN = re.compile(r"[A-Za-z][\w .,;()/-]*[\w.)]|[A-Za-z]")
_YAML_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_SEVERAL = 2


def rego_of(layer: Sequence[str], policy: Mapping[str, Any]) -> str:
    """
    The module. ``layer`` is the root of the policy's layer, ``("global",)`` or ``("domains", "customer")``; the policy
    fits its form (``policy_form``).
    """
    return _Writer(layer, policy).module()


def package_of(layer: Sequence[str], policy: Mapping[str, Any]) -> str:
    """The package that ``rego_of`` writes: ``global.access.analysts_read_customer_data``."""
    return _path((*layer, _type(policy), _word(str(policy["name"]))))


class _Writer:
    """One policy on its way to text."""

    def __init__(self, layer: Sequence[str], policy: Mapping[str, Any]) -> None:
        self.layer = tuple(layer)
        self.policy = policy
        self.enforcement = _ENFORCEMENT.get(policy.get("enforcement", "deny"), policy.get("enforcement", "deny"))
        self.scope: Mapping[str, Any] = policy.get("metadata", {}).get("scope", {})
        self.is_enabled = policy.get("enabled", True)

    def module(self) -> str:
        body = self._body()
        parts = [self._header(), *self._imports("\n".join(body)), *self._terms(), *body]
        return "\n\n".join(parts) + "\n"

    def _header(self) -> str:
        said = self.policy.get("metadata", {})
        lines = ["METADATA", f"title: {_yaml(said.get('title', self.policy['name']))}"]
        if description := self.policy.get("description", "").strip():
            lines.append(f"description: {_yaml(description)}")
        lines += ["custom:", f"  id: {_yaml(said.get('id', self.policy['name']))}"]
        lines.append(f"  enforcement: {self.enforcement}")
        lines += [f"  {key}: {_yaml(said[key])}" for key in ("severity", "remediation", "owner") if key in said]
        if controls := said.get("controls"):
            lines.append(f"  controls: {_value(controls)}")
        block = "\n".join(f"# {line}" for line in lines)
        return f"{block}\npackage {package_of(self.layer, self.policy)}"

    def _imports(self, body: str) -> list[str]:
        used = [name for name in ("conditions", "protections", "scopes", "thresholds") if f"{name}." in body]
        lines = [f"import {_LIBRARY}.{name}" for name in used]
        if name := self.policy.get("validator"):
            lines.append(f"import {_path(('data', *self.layer, 'validators', name))} as validator")
        return ["\n".join(lines)] if lines else []

    def _terms(self) -> list[str]:
        switched_off = [] if self.is_enabled else ["# The policy is switched off.\n_is_enabled := false"]
        return [*switched_off, *([f"_scope := {_value(self.scope)}"] if self.scope else [])]

    def _body(self) -> list[str]:
        if "validator" in self.policy:
            return self._validated()
        rules = self.policy["rules"]
        match _type(self.policy):
            case "access":
                return self._access(rules)
            case "quality":
                return [self._found(_threshold(rule)) for rule in rules]
            case "privacy":
                return self._privacy(rules)
            case _:
                return [self._denial(rule, _first_field(rule)) for rule in rules]

    def _validated(self) -> list[str]:
        message = {"msg": f"the validator {self.policy['validator']} has not passed it"}
        refused = _rule("violation contains " + _value(message), [*self._maybe_here(), "not validator.passes == true"])
        if _type(self.policy) != "access":
            return [refused]
        granted = _rule(self._granted({}), [*self._surely_here(), "validator.passes == true"])
        return [*([granted] if self.enforcement == "deny" else []), refused]

    def _access(self, rules: Sequence[Mapping[str, Any]]) -> list[str]:
        """One rule stands by itself; of several the first that decides is found, and each says what it decides."""
        if len(rules) < _SEVERAL:
            spoken = [(rules[0], self._tests(rules[0]))]
            chain = []
        else:
            links = [f"{index} if {_block(self._tests(rule) or ['true'])}" for index, rule in enumerate(rules)]
            chain = ["# The first rule that decides.\n_decides := " + " else := ".join(links)]
            spoken = [(rule, [f"_decides == {index}"]) for index, rule in enumerate(rules)]
        said = [
            _rule(self._granted(rule) if rule["action"] == "allow" else self._denied(rule), tests)
            for rule, tests in spoken
            if rule["action"] == "deny" or self.enforcement == "deny"
        ]
        return [*chain, *said] if said else ["# It would allow, and only what is mandatory grants.\nviolation := set()"]

    def _tests(self, rule: Mapping[str, Any]) -> list[str]:
        conditions = rule.get("conditions", [])
        if rule["action"] == "allow":
            return [*self._surely_here(), *(f"conditions.holds({_condition(each)})" for each in conditions)]
        return [*self._maybe_here(), *(f"not conditions.is_refuted({_condition(each)})" for each in conditions)]

    def _privacy(self, rules: Sequence[Mapping[str, Any]]) -> list[str]:
        words = sorted({rule["classification"] for rule in rules})
        found = [f"protections.unclassified({{{', '.join(map(_value, words))}}})"]
        for rule in rules:
            wanted = f"{_value(rule['classification'])}, {_value(rule['required_protections'])}"
            found.append(f"protections.violations({wanted})")
        return [self._found(each) for each in found]

    def _found(self, statements: str) -> str:
        return _rule("violation contains statement", [*self._maybe_here(), f"some statement in {statements}"])

    def _denial(self, rule: Mapping[str, Any], more: Mapping[str, str]) -> str:
        return _rule(self._denied(rule, more), self._tests(rule))

    def _granted(self, rule: Mapping[str, Any]) -> str:
        return f"grant contains {_value({'msg': self._reason(rule, 'allowed')})}"

    def _denied(self, rule: Mapping[str, Any], more: Mapping[str, str] | None = None) -> str:
        return f"violation contains {_value({'msg': self._reason(rule, 'denied'), **(more or {})})}"

    def _reason(self, rule: Mapping[str, Any], otherwise: str) -> str:
        return rule.get("reason") or f"{self.policy['name']}: {otherwise}"

    def _surely_here(self) -> list[str]:
        return [*([] if self.is_enabled else ["_is_enabled"]), *(["scopes.applies(_scope)"] if self.scope else [])]

    def _maybe_here(self) -> list[str]:
        scope = ["not scopes.excludes(_scope)"] if self.scope else []
        return [*([] if self.is_enabled else ["_is_enabled"]), *scope]


def _rule(head: str, body: Sequence[str]) -> str:
    if not body:
        return head
    if len(body) == 1:
        return f"{head} if {body[0]}"
    return f"{head} if {_block(body)}"


def _block(body: Sequence[str]) -> str:
    lines = "\n".join(f"\t{line}" for line in body)
    return f"{{\n{lines}\n}}"


def _condition(said: Mapping[str, Any]) -> str:
    value = said.get("value")
    wanted = True if said["operator"] == "exists" and value is None else value
    return ", ".join(map(_value, (said["field"], said["operator"], wanted)))


def _threshold(rule: Mapping[str, Any]) -> str:
    said = (rule["metric"], rule.get("operator", "gte"), rule["threshold"])
    return f"thresholds.violations({', '.join(map(_value, said))})"


def _first_field(rule: Mapping[str, Any]) -> dict[str, str]:
    conditions = rule.get("conditions", [])
    return {"path": conditions[0]["field"]} if conditions else {}


def _type(policy: Mapping[str, Any]) -> str:
    return str(policy.get("policy_type", policy.get("type")))


def _word(name: str) -> str:
    """A name as a step of a package that needs no quotes."""
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "policy"
    return word if not word[0].isdigit() else f"policy_{word}"


def _path(steps: Iterable[str]) -> str:
    first, *rest = steps
    return first + "".join(f".{step}" if _NAME.fullmatch(step) else f"[{_value(step)}]" for step in rest)


def _value(value: Any) -> str:
    """A term: JSON, which Rego reads, with what cannot be seen escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1]


def _yaml(text: str) -> str:
    """A text as YAML: as it is where no reader could take it for anything else."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _YAML_WORDS else _value(text)
