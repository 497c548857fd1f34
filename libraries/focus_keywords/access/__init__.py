"""Keywords about access to the site's services: logins, certificates, TLS."""
