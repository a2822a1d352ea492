"""What fills ``bylaw.ports.PolicyEvaluator``: each module is one way to evaluate, imported when it is chosen."""
