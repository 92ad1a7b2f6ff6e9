"""What is imported from Xero, kept per tenant and organisation, and the mapping built on it."""
