"""The pages people use: one module for each, all drawn on the server."""
