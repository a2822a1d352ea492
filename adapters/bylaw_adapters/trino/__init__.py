"""
The door for Trino's OPA plugin. Requests become access inputs in ``rego/bylaw/trino``; here is only what Trino must
never be told.
"""
