"""The web app pod: logins, and the alerts that travelled through RabbitMQ."""
