"""Routines on numpy arrays and Roaring bitmaps that everything else is built from. Nothing here knows about records
or queries.
"""
