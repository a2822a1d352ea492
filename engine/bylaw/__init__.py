"""
The engine: facts in, verdict out. It opens no socket, no database and no framework; adapters do.
"""

__version__ = "0.1.0"
