"""Keywords about access to the site's services: who is let in and who is not, certificates, and all at one glance."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.http_session import HttpSession, NoAnswerError
from focus_core.base.run_identity import unique
from focus_core.base.threads import Threads
from focus_core.cluster import server_environment as focus_environment
from focus_core.cluster.client import ClusterClient
from focus_core.mongodb import client as mongo_client
from focus_core.mongodb.client import MongoSite
from focus_core.rabbitmq.client import RabbitClient
from focus_core.rabbitmq.management import UNAUTHORIZED
from focus_core.run import clients, probes
from focus_core.server import tls
from focus_core.site.data import lane_user, site
from focus_core.site.model import Interface
from robot.api import SkipExecution, logger
from robot.api.deco import keyword

TIMEOUT_S = 5.0
TOO_MANY = 429
_MOST_LOGINS = 50
# Codes of MongoDB: no login where one is needed, and a login that is not good.
_NO_LOGIN, _BAD_LOGIN = 13, 18

Stranger = Literal["nobody", "wrong password", "unknown user", "guest", "admin", "root"]
WithCertificate = Literal["rest", "webapp", "rabbitmq"]


class Logins:
    """Who is let in, who is kept out, and which services answer."""

    @keyword("MongoDB Should Accept Login Of The Site's User", tags=("Connection", "mongodb"))
    def mongodb_should_accept_login_of_the_sites_user(self) -> None:
        """Connects with the site file's login and reads the base paths of the recordings.

        | MongoDB Should Accept Login Of The Site's User
        """
        with closing(MongoSite.of_site(site(), TIMEOUT_S)) as mongo:
            paths = mongo.base_paths()
        logger.info(f"MongoDB at {mongo.address} holds {len(paths)} base paths.")

    @keyword("MongoDB Should Accept Login Of The Focus Server", tags=("Connection", "mongodb"))
    def mongodb_should_accept_login_of_the_focus_server(self) -> None:
        """Connects with the login that the Focus Server's pod would be given if it started now, and reads the base
        paths of the recordings.

        Its environment in the cluster is read, with the secrets that it refers to. A login that is out of date shows
        here before the next restart of the Focus Server does.

        | MongoDB Should Accept Login Of The Focus Server
        """
        login = focus_environment.mongodb_login(site(), ClusterClient.of_site(site()))
        with closing(_mongo_as(login.username, login.password, login.auth_source)) as mongo:
            if not _answers(mongo):
                raise AssertionError(
                    f"MongoDB at {mongo.address} does not let in the login '{login.username}' of the Focus Server "
                    f"(variable {login.variable} of its pod): it will not start again with it."
                )

    @keyword("MongoDB Should Reject Login", tags=("Connection", "mongodb"))
    def mongodb_should_reject_login(self, who: Stranger) -> None:
        """Fails unless MongoDB keeps a stranger from reading the recordings.

        | MongoDB Should Reject Login    nobody
        | MongoDB Should Reject Login    wrong password
        """
        place = site().mongodb
        name, password = _login_of(who, place.username or "")
        source = place.auth_source if who in ("nobody", "wrong password") else "admin"
        with closing(_mongo_as(name, password, source)) as mongo:
            if _answers(mongo):
                raise AssertionError(f"MongoDB at {mongo.address} let in {_in_words(who, name)}.")

    @keyword("RabbitMQ Should Reject Login", tags=("Connection", "rabbitmq"))
    def rabbitmq_should_reject_login(self, who: Stranger) -> None:
        """Fails unless the broker keeps a stranger from connecting over AMQP.

        | RabbitMQ Should Reject Login    guest
        """
        name, password = _login_of(who, site().rabbitmq.username)
        client = RabbitClient.of_site(site(), timeout=TIMEOUT_S)
        if client.lets_in(name or "", password):
            raise AssertionError(f"RabbitMQ at {client.address} let in {_in_words(who, name)}.")

    @keyword("Management API Should Reject Login", tags=("Connection", "rabbitmq"))
    def management_should_reject_login(self, who: Stranger) -> None:
        """Fails unless the broker's management API answers a stranger with 401.

        | Management API Should Reject Login    nobody
        """
        name, password = _login_of(who, site().rabbitmq.username)
        management = RabbitClient.of_site(site()).management
        status = management.status_for(name, password)
        if status != UNAUTHORIZED:
            raise AssertionError(
                f"The management API at {management.url} answered {_in_words(who, name)} with {status} instead of 401."
            )

    @keyword("Web App Should Accept Login Of The Site's User", tags=("Connection", "webapp"))
    def webapp_should_accept_login_of_the_sites_user(self) -> None:
        """Logs in to the web app as the user of this lane.

        | Web App Should Accept Login Of The Site's User
        """
        clients.webapp_client(site(), lane_user()).login()

    @keyword("Web App Should Reject Login", tags=("Connection", "webapp"))
    def webapp_should_reject_login(
        self, who: Literal["wrong password", "unknown user", "guest", "admin", "root"]
    ) -> None:
        """Fails unless the web app answers the login of a stranger with 401.

        The user whose password was wrong logs in rightly afterwards: bad logins in a row would lock it.

        | Web App Should Reject Login    wrong password
        """
        user = lane_user()
        name, password = _login_of(who, user.username)
        client = clients.webapp_client(site(), user)
        status = client.answer_to_login(name or "", password).status
        client.login()
        if status != UNAUTHORIZED:
            raise AssertionError(
                f"The web app at {client.url} answered the login of {_in_words(who, name)} with {status} instead of "
                "401."
            )

    @keyword("Who Logs In Too Often Should Be Told How Long To Wait", tags=("Connection", "webapp"))
    def webapp_should_say_how_long_to_wait(self) -> None:
        """Logs in again and again under a name that nobody has, with a wrong password: at the latest the fiftieth time
        the web app answers 429, and its header Retry-After has whole seconds above 0.

        | Who Logs In Too Often Should Be Told How Long To Wait
        """
        client, name = clients.webapp_client(site(), lane_user()), unique("stranger")
        answers = (client.answer_to_login(name, "wrong") for _ in range(_MOST_LOGINS))
        refused = next((answer for answer in answers if answer.status == TOO_MANY), None)
        if refused is None:
            raise AssertionError(f"The web app answered {_MOST_LOGINS} bad logins in a row, none of them with 429.")
        wait = refused.headers.get("Retry-After", "")
        if not (wait.isdecimal() and int(wait) > 0):
            raise AssertionError(
                f"A login that came too often was answered with Retry-After {wait!r}, expected whole seconds above 0."
            )

    @keyword(tags=("Connection", "webapp"))
    def login_page_should_be_reachable(self) -> None:
        """Fails unless the web app answers what its login page shows, to one who has not logged in yet.

        | Login Page Should Be Reachable
        """
        url = site().webapp.url
        path = "/login-configuration?successRedirectUrl=/&errorRedirectUrl=/externalLoginError"
        try:
            answer = HttpSession(url, timeout=TIMEOUT_S, verify=site().tls.verify, proxy=site().proxy).send("GET", path)
        except NoAnswerError as error:
            raise BenchError(
                f"The web app does not answer GET {url}{path} ({error}); check that it runs and that webapp.url of the "
                "site file is right."
            ) from error
        if answer.status != 200 or "isPasswordResetAvailable" not in answer.text:
            raise AssertionError(f"GET {url}{path} was answered {answer.status} instead of 200: {answer.text[:300]}")

    @keyword(tags=("Connection", "Assertion"))
    def certificate_should_be_valid(self, interface: WithCertificate, days: int = 14) -> None:
        """Speaks TLS with an interface: the certificate is signed by the site's CA, names the host of the site file,
        and is good for some ``days`` more.

        Skips where the site file has no TLS for it.

        | Certificate Should Be Valid    rest    days=14
        """
        demands.at_least(0, days=days)
        url = _tls_url(interface)
        # AMQP does without the proxy.
        proxy = site().proxy if url.startswith("https:") else None
        done = tls.handshake(url, ca_file=_ca_file(), timeout=TIMEOUT_S, proxy=proxy)
        logger.info(f"{url} speaks {done.version}; its certificate is good until {done.good_until:%Y-%m-%d}.")
        if done.good_until < datetime.now(UTC) + timedelta(days=days):
            raise AssertionError(
                f"The certificate of {url} is good until {done.good_until:%Y-%m-%d %H:%M} UTC, for less than {days} "
                "days: renew it."
            )

    @keyword(tags=("Connection", "Assertion"))
    def every_service_should_answer(self) -> None:
        """Asks every interface that the site file says the site has; the web app first, whose logins others need, then
        all at the same time.

        The log shows the state of each; the failure names all that are in trouble, with a sentence for each.

        | Every Service Should Answer
        """
        chosen = site()
        interfaces: list[Interface] = [name for name in get_args(Interface) if name in chosen.capabilities]
        demands.some("capability in the site file", interfaces)
        found = {"webapp": probes.check(chosen, "webapp", fresh=True)} if "webapp" in interfaces else {}
        with Threads(len(interfaces)) as pool:
            verdicts = list(
                pool.map(lambda name: found.get(name) or probes.check(chosen, name, fresh=True), interfaces)
            )
        for name, verdict in zip(interfaces, verdicts, strict=True):
            logger.info(f"{name}: {verdict.trouble or f'answers, after {verdict.seconds:.2f} s'}")
        troubles = [
            f"{name}: {verdict.trouble}" for name, verdict in zip(interfaces, verdicts, strict=True) if verdict.trouble
        ]
        fail_with(f"{len(troubles)} of {len(interfaces)} services of site {chosen.name} do not answer", troubles)


def _login_of(who: str, own_name: str) -> tuple[str | None, str]:
    """Name (None: no login at all) and password of a stranger; both are of no use to anybody."""
    if who == "nobody":
        return None, ""
    if who == "wrong password":
        return own_name, unique("wrong")
    if who == "unknown user":
        return unique("stranger"), unique("wrong")
    return who, who


def _in_words(who: str, name: str | None) -> str:
    if name is None:
        return "one who did not log in"
    if who == "wrong password":
        return f"'{name}' with a wrong password"
    return f"'{name}' with password '{name}'" if who == name else f"'{name}', whom there is not"


def _mongo_as(username: str | None, password: str, auth_source: str) -> MongoSite:
    place = site().mongodb
    return MongoSite(
        host=place.host,
        port=place.port,
        database=place.database,
        username=username,
        password=password,
        auth_source=auth_source,
        timeout=TIMEOUT_S,
    )


def _answers(mongo: MongoSite) -> bool:
    """Whether MongoDB lets this login read; one that cannot be asked at all raises BenchError."""
    try:
        mongo.count(mongo_client.BASE_PATHS)
    except BenchError as error:
        if getattr(error.__cause__, "code", None) in (_NO_LOGIN, _BAD_LOGIN):
            return False
        raise
    return True


def _tls_url(interface: str) -> str:
    chosen = site()
    if interface == "rabbitmq":
        port = chosen.rabbitmq.tls_port
        url = f"amqps://{chosen.rabbitmq.host}:{port}" if port else ""
    else:
        url = chosen.focus.url if interface == "rest" else chosen.webapp.url
    if urlsplit(url).scheme not in ("https", "amqps"):
        raise SkipExecution(f"Site {chosen.name} has no TLS at {interface} by design.")
    return url


def _ca_file() -> str | None:
    ca_file = site().tls.ca_file
    return str(ca_file) if ca_file else None
