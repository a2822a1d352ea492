"""
Waivers that are requested of a running service: what one is (``waiver``), how those that were approved become data of
the law (``standing``), and what all of them do (``report``). Whether one may be, and what it covers, is Rego's to say.
"""
