"""
The command line: ``bylaw``. One module a command, each with ``configure(parser)`` and ``run(arguments) -> int``; what a
command needs is imported when it runs, so that help and the first line of output appear at once.
"""
