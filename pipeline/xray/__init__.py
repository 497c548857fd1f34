"""Results into Xray Cloud: settings, mapping, conversion, and a delivery that loses and doubles nothing."""
