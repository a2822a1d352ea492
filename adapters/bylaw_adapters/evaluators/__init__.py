"""What fills ``bylaw.ports.PolicyEvaluator``. Each module is one way to evaluate; none is imported before it is used."""
