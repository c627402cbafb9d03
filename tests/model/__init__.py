"""Owns a simple model of cases and promises, and walks that hold the product against it. It shares no code with the
product: what is computed there in the database is counted here by hand. Start with book.
"""
