"""Who may do what at the site's ingress: logins of any kind, roles, limits, and input that is meant to do harm."""
