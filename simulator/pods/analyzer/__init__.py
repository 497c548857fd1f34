"""The analyzer of a job: rows of spectra, live or played back."""
