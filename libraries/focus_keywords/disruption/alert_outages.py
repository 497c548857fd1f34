"""Keywords about alerts while the broker is lost: what was confirmed arrives, what was not is reported."""

from __future__ import annotations

from collections import Counter

from focus_core.base import cleanup, demands
from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.run import clients
from focus_core.site.data import lane_user, site
from focus_core.webapp.alert_sender import AlertSender
from focus_core.webapp.alerts import Alert, new_alerts, push_body
from focus_core.webapp.unavailable import problems_of_unavailable
from robot.api import logger
from robot.api.deco import keyword

from focus_keywords.alerts.sending import push, remove_at_end


class AlertOutages:
    """Alerts that are sent during a fault. Nothing here disturbs anything."""

    @keyword(tags=("Outage", "Assertion"))
    def alert_should_be_unavailable(self, because: str) -> Alert:
        """Sends a good alert, which cannot be taken now: 503 within 5 s (``configure_s``), with a reason that speaks of
        ``because`` and a ``Retry-After``. Returns the alert, which must not be listed later.

        | Take Down    rabbitmq
        | Alert Should Be Unavailable    because=RabbitMQ
        | Bring Back    rabbitmq
        """
        (alert,) = new_alerts("SD", "high", 1250)
        remove_at_end([alert.id])
        problems = problems_of_unavailable(push(push_body([alert])), because, site().timings.configure_s)
        fail_with(f"The {alert} was not refused as it should", problems)
        return alert

    @keyword(tags=("Outage",))
    def keep_sending_alerts(self, *, senders: int = 1) -> AlertSender:
        """Sends alerts beside the test until they are judged, each of the ``senders`` one after another; all are
        deleted at the end.

        | ${sender} =    Keep Sending Alerts
        | Kill Process    rabbitmq
        | Workload Should Recover By Itself    rabbitmq
        | Every Confirmed Alert Should Be Listed    ${sender}    because=RabbitMQ
        """
        demands.at_least(1, senders=senders)
        # Clients of its own: the log of Robot Framework takes nothing from other threads.
        sender = AlertSender([clients.webapp_client(site(), lane_user()) for _ in range(senders)])

        def remove() -> None:
            sender.stop()
            clients.webapp().delete_alerts([alert.id for alert, _ in sender.answers])

        cleanup.current().add("The sender of alerts and its alerts", remove)
        sender.start()
        return sender

    @keyword(tags=("Outage", "Assertion"))
    def every_confirmed_alert_should_be_listed(self, sender: AlertSender, because: str) -> None:
        """Ends `Keep Sending Alerts`: each alert was either confirmed or refused with a clear 503 that speaks of
        ``because``, and each confirmed one is listed, once.

        Alerts must be confirmed again within ``reconnected_s``, and listed within ``alert_visible_s`` after that.

        | ${sender} =    Keep Sending Alerts
        | Every Confirmed Alert Should Be Listed    ${sender}    because=RabbitMQ
        """
        seen = len(sender.confirmed)

        def confirmed_again() -> bool:
            if len(sender.confirmed) <= seen:
                raise NotYet(str(sender))
            return True

        wait_until("The web app takes alerts again", confirmed_again, timeout=site().timings.reconnected_s)
        sender.stop()
        logger.info(f"{sender}.")
        fail_with("Alerts were not answered cleanly", sender.problems(because, site().timings.configure_s))
        ids = [alert.id for alert in sender.confirmed]

        def listed() -> Counter[str]:
            found = Counter(str(entry.get("ext_id")) for entry in clients.webapp().alerts())
            lost = [one for one in ids if one not in found]
            if lost:
                raise NotYet(f"{len(lost)} of {len(ids)} are missing, first {lost[0]}")
            return found

        counts = wait_until("Every confirmed alert is listed", listed, timeout=site().timings.alert_visible_s)
        problems = [f"{one} is listed {counts[one]} times" for one in ids if counts[one] > 1]
        fail_with("Confirmed alerts are listed more than once", problems)
