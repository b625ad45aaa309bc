"""The interface for programs: OpenAPI, tokens, files of every table, the calendar feed."""
