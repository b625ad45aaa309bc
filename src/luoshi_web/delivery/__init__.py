"""Work items, division, reports, reviews: from a commitment to its delivery."""
