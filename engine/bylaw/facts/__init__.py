"""
Gathering: what a document says, as facts, and nothing about whether that is good.

``gather`` reads one file's bytes and answers with the facts of every document in it: a product in its normal form, a
Kubernetes manifest or a Terraform plan, each with the place in the text that a fact came from. What cannot be read or
recognised is refused with a reason; it never becomes a document without facts.
"""
