"""
The CI door: files in, findings with ``file:line:column`` and an exit code out. Facts come from ``bylaw.facts``, the
verdict from the law that is loaded; this door has no opinion.
"""
