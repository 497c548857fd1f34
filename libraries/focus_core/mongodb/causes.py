"""In words, why MongoDB does not answer."""

# What pymongo reports of the last try to reach a server -> what it means.
_CAUSES = {
    "Connection refused": "nothing listens there",
    "timed out": "it takes the connection but does not answer",
    "Got response id": "it does not speak MongoDB's protocol",
    "connection closed": "it hangs up",
    "getaddrinfo": "its host name is not known",
}


def cause(error: BaseException) -> str:
    """The cause of a pymongo error; the kind of the error where nothing more is known."""
    return next((words for text, words in _CAUSES.items() if text in str(error)), type(error).__name__)
