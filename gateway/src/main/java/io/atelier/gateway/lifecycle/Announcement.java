package io.atelier.gateway.lifecycle;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.TaskRequest;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.messaging.WebhookDelivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the lifecycle publishes for one version of a job. It is computed from the job's states alone, so that a repetition contains
 * the same records with the same ids.
 *
 * @param job public state of the job
 * @param event public event of the version
 * @param eventId CloudEvents id of the event, equal for each repetition
 * @param tasks tasks for workers that are due since this version, without the client's own request
 * @param webhook first record of the delivery to the job's webhook; empty if the webhook is not notified of this version
 * @param erasedWebhook id of the delivery that the erasure of the job deletes; empty if there is none
 * @param cancellation cancellation for the workers if a deadline caused it; empty if a client did, because the gateway has published that one
 */
record Announcement(
        Job job,
        GenerationEvent event,
        String eventId,
        List<TaskRequest> tasks,
        Optional<WebhookDelivery> webhook,
        Optional<String> erasedWebhook,
        Optional<CancelRequested> cancellation) {

    Announcement {
        tasks = List.copyOf(tasks);
    }

    /** The announcement of the last of a job's states. The earlier states are needed for {@link Job#history}. */
    static Announcement of(List<? extends Existing> states) {
        var state = states.get(states.size() - 1);
        var steps = new ArrayList<Job.Step>();
        states.forEach(each -> steps.add(Snapshot.step(each)));
        var job = Snapshot.of(state, steps);
        return new Announcement(
                job,
                PublicEvent.of(state).event(state, job),
                eventId(state),
                NextTasks.of(state),
                WebhookRecords.delivery(state, job),
                WebhookRecords.erased(state),
                NextTasks.cancellation(state));
    }

    /**
     * The tasks that no worker has started in a later state: that of the job now. One version can be followed by others at once, and a version
     * can be announced again after a crash.
     */
    List<TaskRequest> tasksFor(JobState now) {
        return tasks.stream()
                .filter(task -> isDue(now, task.task(), task.attempt()))
                .toList();
    }

    private static boolean isDue(JobState now, String name, int attempt) {
        return now instanceof OpenState open
                && open.record()
                        .tasks()
                        .find(name)
                        .filter(task -> task.isDue() && task.attempt() == attempt)
                        .isPresent();
    }

    /** A UUID of version 7 with the time of the event. The other bits are a digest of job and version instead of random bits. */
    static String eventId(Existing state) {
        var job = state.record().job();
        return Sha256.of(job + "/" + state.version()).uuidAt(state.since()).toString();
    }
}
