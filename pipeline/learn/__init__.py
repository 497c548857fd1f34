"""The training: five exercises, and a checker that runs the learner's suite on a site, whole and with defects on."""
