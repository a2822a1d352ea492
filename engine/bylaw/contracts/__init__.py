"""Contracts from one standard to another: what a document says, said again where the other has a place for it."""
