"""The JSON API: one module for each resource, and the document that describes them all."""
