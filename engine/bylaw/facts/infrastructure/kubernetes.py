"""
The reader of Kubernetes objects: the object itself is the fact. Only its shape is looked at, so that a made-up kind or
a word that another YAML reader takes for a flag does not pass for a harmless object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bylaw.errors import UnrecognisedDocument, WrongShape
from bylaw.facts.documents.document import Document
from bylaw.facts.documents.node import Node

_VERSION = re.compile(r"v\d+(?:(?:alpha|beta)\d+)?")
_GROUP = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_KIND = re.compile(r"[A-Z][A-Za-z0-9]{0,62}")

# Kinds of the groups that Kubernetes itself owns. Other groups bring their own kinds; these do not.
BUILT_IN_KINDS = {
    "": frozenset(
        {
            *("Binding", "ConfigMap", "Endpoints", "Event", "LimitRange", "List", "Namespace", "Node"),
            *("PersistentVolume", "PersistentVolumeClaim", "Pod", "PodTemplate", "ReplicationController"),
            *("ResourceQuota", "Secret", "Service", "ServiceAccount"),
        }
    ),
    "apps": frozenset({"ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}),
    "batch": frozenset({"CronJob", "Job"}),
    "autoscaling": frozenset({"HorizontalPodAutoscaler"}),
    "policy": frozenset({"Eviction", "PodDisruptionBudget", "PodSecurityPolicy"}),
}


def is_kubernetes(top: Node) -> bool:
    """Whether ``apiVersion`` and ``kind`` are those of a Kubernetes object, known or made up."""
    group, _, version = str(top.mapping().get("apiVersion", "")).rpartition("/")
    kind = top.mapping().get("kind")
    return (
        _VERSION.fullmatch(version) is not None
        and (not group or _GROUP.fullmatch(group) is not None)
        and isinstance(kind, str)
        and _KIND.fullmatch(kind) is not None
    )


def read_manifests(top: Node) -> Iterator[tuple[str, Node]]:
    """
    What each object is, and the object; of a ``List`` those in it.

    Raises:
        UnrecognisedDocument: A kind that its group does not have.
        WrongShape: No metadata, or a flag that readers disagree about.
    """
    kind, group = top.text("kind") or "", (top.text("apiVersion") or "").rpartition("/")[0]
    if kind not in BUILT_IN_KINDS.get(group, {kind}):
        raise UnrecognisedDocument(
            f"Kubernetes has no kind {kind} in {group or 'core'}/{(top.text('apiVersion') or '').rpartition('/')[2]}",
            location=top.reading.document.location((*top.pointer, "kind")),
        )
    if kind == "List" and not group:
        for item in top.elements("items"):
            if not is_kubernetes(item):
                raise item.wrong("a Kubernetes object")
            yield from read_manifests(item)
        return
    metadata = top.get("metadata")
    if metadata is None:
        raise top.wrong("metadata")
    metadata.mapping()
    yield f"kubernetes {kind}", top


def require_clear_flags(document: Document) -> None:
    """
    Refuse ``privileged: yes``: kubectl takes it for true, a reader of YAML 1.2 for the word, and a rule that looks at
    one is blind to the other.
    """
    for pointer in document.doubtful_flags:
        raise WrongShape(
            f"/{'/'.join(map(str, pointer))}: yes, no, on and off are flags to some readers of YAML and words to "
            "others; write true or false, or put the word in quotes",
            location=document.location(pointer),
        )


def manifest_input(manifest: Any) -> dict[str, Any]:
    """The input of a provisioning decision about an object that is about to be applied."""
    return {"manifest": manifest}
