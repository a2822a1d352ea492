"""Numbers about the service for Prometheus. Counts; judges nothing, and is asked nothing while a decision is made."""
