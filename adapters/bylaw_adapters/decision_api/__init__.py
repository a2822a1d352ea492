"""
The door for programs: OPA's REST API, decisions by kind, AuthZEN, and what operators ask (health, status, metrics).

The paths that decide are plain ASGI handlers; the rest, and the OpenAPI page of all of it, is FastAPI (``rest``).
"""
