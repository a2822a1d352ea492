"""
Mutation testing of law: a rule is changed as a mistake would change it, and some test must notice.
"""

from bylaw_adapters.mutation.mutant import Fate, Mutant, TextChange, Tried
from bylaw_adapters.mutation.run import MAX_FOUND, MutationRun, mutate
from bylaw_adapters.mutation.suite import Suite, new_suite

__all__ = ["MAX_FOUND", "Fate", "Mutant", "MutationRun", "Suite", "TextChange", "Tried", "mutate", "new_suite"]
