"""
Readers of what is provisioned: Kubernetes objects and Terraform plans.
"""
