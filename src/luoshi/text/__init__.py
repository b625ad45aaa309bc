"""Functions on strings that several rooms need.

Sentences (:mod:`.segment`), time expressions (:mod:`.dates`), numbers, regions, bodies and their parts
(:mod:`.units`), words with their class (:mod:`.tokens`), tables of words (:mod:`.lexicon`).
"""
