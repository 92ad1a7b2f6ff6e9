"""Importing the same contacts with Workbill and with others, from the same local Xero."""
