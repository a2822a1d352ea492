"""
The control plane of a fleet of OPAs, at the resources that OPA asks for by default: bundles, discovery, decision logs,
status. Decides nothing.
"""
