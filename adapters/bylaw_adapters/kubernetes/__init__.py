"""The door for Kubernetes' admission control. What is admitted is decided in ``rego/bylaw/kubernetes``."""
