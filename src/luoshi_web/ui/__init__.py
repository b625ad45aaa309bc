"""The frame of every page: navigation, base templates, styles, scripts, template tags."""
