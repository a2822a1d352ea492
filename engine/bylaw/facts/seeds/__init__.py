"""
Readers of the simple forms that contracts were written in before there were standards.
"""
