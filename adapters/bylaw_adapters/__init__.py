"""
The adapters: doors through which questions come in, and the driven sides (bundles, logs, evaluators) that the engine
asks for through its ports. Only ``wiring`` knows which adapter fills which port.
"""
