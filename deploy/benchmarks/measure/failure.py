"""The failure of a measurement."""


class MeasurementFailed(Exception):
    """Ends a measurement. Its message says what was wrong and what to do, and is shown without a trace."""
