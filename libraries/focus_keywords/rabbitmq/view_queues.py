"""Keywords about the queues of views: commands reach them, and refused views leave none."""

from typing import Literal

from focus_core.base.failures import fail_with
from focus_core.base.words import Names
from focus_core.rabbitmq import commands, view_queues
from focus_core.run import clients
from focus_core.site.data import site
from focus_core.views.view import View
from robot.api.deco import keyword


class ViewQueues:
    """The queue of a view's data and the one of its commands."""

    @keyword(tags=("rabbitmq",))
    def list_queues_of_views(self) -> frozenset[str]:
        """The names of all queues that belong to views, for `No Queue Should Have Appeared Since`.

        Example:
        | ${queues} =    List Queues Of Views
        """
        return frozenset(
            queue.name for queue in clients.rabbitmq().queues() if queue.name.startswith(site().job_prefix)
        )

    @keyword(tags=("rabbitmq", "Assertion"))
    def no_queue_should_have_appeared_since(self, queues: Names) -> None:
        """Fails when there is a queue of a view that was not there before; only for exclusive suites.

        Example:
        | No Queue Should Have Appeared Since    ${queues}
        """
        fail_with("A request that starts nothing left queues", sorted(self.list_queues_of_views() - queues))

    @keyword(tags=("rabbitmq", "view"))
    def command_should_reach_the_queue_of(
        self, view: View, command: Literal["keepalive", "input_changed", "colormap", "caxis", "monitor_queues"]
    ) -> None:
        """Publishes a good command for the job of a view; fails unless a binding gives it to the view's queue.

        Whether the job has taken it out again does not matter: that is what `Get Queue Field` with ``ready`` reads.

        Example:
        | Command Should Reach The Queue Of    ${view}    keepalive
        """
        own = view_queues.wait_for_queues(clients.rabbitmq(), view.job_id, timeout=site().timings.job_running_s)[-1]
        keys = [
            entry.routing_key
            for entry in clients.rabbitmq().bindings(commands.COMMAND_EXCHANGE)
            if entry.queue == own.name
        ]
        if not any(view_queues.topic_matches(key, command) for key in keys):
            raise AssertionError(
                f"The command '{command}' does not reach queue {own.name} of the {view}; it is bound to "
                f"{', '.join(keys)} only."
            )
        message = commands.message(command, view.job_id, commands.COMMANDS[command].good_value)
        clients.rabbitmq().publish(command, message, exchange=commands.COMMAND_EXCHANGE)
