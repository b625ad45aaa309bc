"""Commitments that somebody confirmed, links and dispositions that somebody judged."""
