"""
Where decision records are kept: ``files`` (segments on disk, the one to run with) and ``memory`` (nothing outlives the
process: for tests and for trying things). Not what a record says; that is ``bylaw.audit``.
"""
