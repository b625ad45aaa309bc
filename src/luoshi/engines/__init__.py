"""Where the steps run: the same functions on one machine (:mod:`.local`) or on Spark."""
