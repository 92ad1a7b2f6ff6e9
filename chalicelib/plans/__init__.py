"""Billing plans: invoices that come by themselves, on fixed days or as a day comes round."""
