"""Failed tests again, from their bundles, without a site."""
