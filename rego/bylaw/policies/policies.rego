package bylaw.policies

access := set()
quality := set()
privacy := set()
protections := set()
