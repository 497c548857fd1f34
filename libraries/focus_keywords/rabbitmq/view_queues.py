"""Keywords about the queues of a view: there, right, read, gone."""

from typing import Literal

from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import Names
from focus_core.cluster.view_jobs import still_there
from focus_core.rabbitmq import commands, view_queues
from focus_core.run import clients
from focus_core.site.data import site
from focus_core.views.view import View
from robot.api.deco import keyword


class ViewQueues:
    """The queue of a view's data and the one of its commands."""

    @keyword(tags=("rabbitmq", "Assertion"))
    def queues_of_view_should_be_there(self, view: View) -> list[str]:
        """Waits, at most ``job_running_s``, until the broker has a queue of the view's job; returns their names.

        Whether all are there and right is the question of `View Should Have Its Queues`.

        Example:
        | Queues Of View Should Be There    ${view}
        """
        what = f"RabbitMQ has a queue of job {view.job_id}"
        return wait_until(what, lambda: self._queues(view), timeout=site().timings.job_running_s)

    @keyword(tags=("rabbitmq", "Assertion"))
    def queues_of_view_should_be_gone(self, view: View) -> None:
        """Waits, at most the site's ``job_removed_s``, until the broker has no queue of the view's job any more.

        Example:
        | Close View    ${view}
        | Queues Of View Should Be Gone    ${view}
        """
        budget = site().timings.job_removed_s
        left = still_there(lambda: [f"queue {name}" for name in self._queues(view)], budget)
        fail_with(f"Not everything of the {view} was removed within {budget:g} s", left)

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
    def view_should_have_its_queues(self, view: View) -> None:
        """Waits, at most ``job_running_s``, for the queue of a view and the one of its commands.

        Fails unless both outlive a restart of the broker and have a limit that they cannot grow beyond. Where it only
        matters that a view has any queue, as before it is closed: `Queues Of View Should Be There`.

        Example:
        | View Should Have Its Queues    ${view}
        """
        queues = view_queues.wait_for_queues(clients.rabbitmq(), view.job_id, timeout=site().timings.job_running_s)
        problems = [f"{queue.name}: {fault}" for queue in queues for fault in view_queues.faults(queue)]
        fail_with(f"The queues of the {view} are not as they must be", problems)

    @keyword(tags=("rabbitmq", "view"))
    def command_should_reach_the_queue_of(
        self, view: View, command: Literal["keepalive", "input_changed", "colormap", "caxis", "monitor_queues"]
    ) -> None:
        """Publishes a good command for the job of a view; fails unless a binding gives it to the view's queue.

        Whether the job has taken it out again does not matter: `Commands Of View Should Be Read`.

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

    @keyword(tags=("rabbitmq", "view"))
    def commands_of_view_should_be_read(self, view: View) -> None:
        """Waits, at most ``first_frame_s``, until the job of a view that is watched has taken every command out of its
        queue.

        Example:
        | Commands Of View Should Be Read    ${view}
        """
        own = view_queues.wait_for_queues(clients.rabbitmq(), view.job_id, timeout=site().timings.job_running_s)[-1]

        def read() -> bool:
            waiting = clients.rabbitmq().ready_messages(own.name)
            if waiting:
                raise NotYet(f"{waiting} commands wait")
            return True

        wait_until(f"The job of the {view} reads its commands", read, timeout=site().timings.first_frame_s)

    def _queues(self, view: View) -> list[str]:
        return view_queues.queues_of(view.job_id, (queue.name for queue in clients.rabbitmq().queues()))
