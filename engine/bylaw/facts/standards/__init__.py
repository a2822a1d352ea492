"""
Readers of the published standards for contracts and products, and of Bylaw's own form.
"""
