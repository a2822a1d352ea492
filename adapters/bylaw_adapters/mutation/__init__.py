"""
Mutation testing of law: a rule is changed as a mistake would change it, and some test must notice.
"""

from bylaw_adapters.mutation.mutant import Fate, Mutant, Tried
from bylaw_adapters.mutation.run import MutationRun, mutate
from bylaw_adapters.mutation.suite import Suite, new_suite

__all__ = ["Fate", "Mutant", "MutationRun", "Suite", "Tried", "mutate", "new_suite"]
