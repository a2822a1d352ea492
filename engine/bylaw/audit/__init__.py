"""
The record of decisions, as values: what one says, what is masked in it, how records are chained, how a chain is
checked. Nothing here reads or writes a file; that is ``bylaw_adapters.audit_logs``.
"""
