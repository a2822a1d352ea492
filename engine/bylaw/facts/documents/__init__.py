"""
Text to documents: plain JSON values, each with its place, and a reader's typed questions to them.
"""
