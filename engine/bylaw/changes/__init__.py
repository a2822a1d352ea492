"""
Changes: what differs between a product and its released version, as one list of facts with a direction each. Whether a
difference hurts anybody is for rules to say; nothing here knows of compatibility, of protection or of law. What only
words, order or formatting tell apart is no difference.
"""
