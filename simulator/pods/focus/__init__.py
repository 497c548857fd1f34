"""The Focus Server pod: configures views, starts their jobs in the cluster, answers for them."""
