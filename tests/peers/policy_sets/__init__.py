"""Policies that others wrote and publish as Go modules, laid out so that opa and we load the same files."""
