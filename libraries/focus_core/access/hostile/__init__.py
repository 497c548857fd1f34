"""Input that is meant to do harm: data files that testers extend, and every place of the site that it goes into."""
