"""The web application: documents become confirmed commitments, with an author for every change.

``luoshi`` holds the rules, this package the rows and the pages. Rooms, each importing only those after it::

    commands → site → dashboards → delivery → register → library → organisation → audit → ui → config
"""
