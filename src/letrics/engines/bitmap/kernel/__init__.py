"""Routines on numpy arrays and Roaring bitmaps that the other packages are built from. Nothing here knows about records
or queries."""
