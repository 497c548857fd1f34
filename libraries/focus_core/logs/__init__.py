"""The pod monitor: what pods log while tests run, what is wrong in it, and which test each line belongs to."""
