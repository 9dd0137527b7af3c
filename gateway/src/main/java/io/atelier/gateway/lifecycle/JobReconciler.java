package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.messaging.WebhookDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the jobs of a {@link TopicSurvey} with their histories, and repairs what differs: it applies inputs again whose effect is missing,
 * and publishes missing states, events, deliveries and tasks again. A log can lose its last records when a machine loses power; without the repair such a
 * job would never end.
 *
 * <p>It decides nothing itself: states come from {@link JobState#after} alone, and everything that it publishes is a repetition. So a wrong
 * repair costs at most a duplicate. It looks at no job that changed after the survey began.
 *
 * <p>Not thread-safe: used by the thread of its stream task only.
 */
final class JobReconciler {

    /** Jobs for each call, so that the lifecycle is not delayed for more than a few milliseconds. */
    private static final int JOBS_PER_CALL = 200;

    private static final Logger LOG = LoggerFactory.getLogger(JobReconciler.class);

    private final ReconciliationQueue queue;
    private final int partition;
    private final Repairs repairs;
    private final Duration erasedJobTtl;
    private final Map<String, Instant> changedAt = new HashMap<>();
    private final Queue<JobTrace> remaining = new ArrayDeque<>();
    private @Nullable TopicSurvey survey;

    /**
     * Creates the reconciler of a stream task.
     *
     * @param partition of the stream task
     * @param erasedJobTtl see {@link LifecycleProperties}: a younger job cannot have been purged
     */
    JobReconciler(ReconciliationQueue queue, int partition, Repairs repairs, Duration erasedJobTtl) {
        this.queue = queue;
        this.partition = partition;
        this.repairs = repairs;
        this.erasedJobTtl = erasedJobTtl;
    }

    /** An input of the job was processed. */
    void changed(String job, Instant now) {
        changedAt.put(job, now);
    }

    /** Compares the next jobs, if there is a survey. */
    void run(Instant now) {
        if (survey == null || remaining.isEmpty()) {
            var next = queue.poll(partition);
            if (next == null) {
                return;
            }
            survey = next;
            remaining.addAll(next.traces());
            changedAt.values().removeIf(at -> at.isBefore(next.begunAt()));
        }
        for (int i = 0; i < JOBS_PER_CALL && !remaining.isEmpty(); i++) {
            var trace = remaining.remove();
            if (!trace.isPending() && !changedAt.containsKey(trace.job().value())) {
                reconcile(trace, survey, now);
            }
        }
    }

    private void reconcile(JobTrace trace, TopicSurvey facts, Instant now) {
        var before = repairs.history(trace.job());
        var history = before;
        var missing = missingInputs(before, trace, now);
        if (!missing.isEmpty()) {
            repaired(trace, Discrepancy.INPUT);
            missing.forEach(repairs::apply);
            history = repairs.history(trace.job());
        } else {
            republish(history, trace);
        }
        if (history.state() instanceof Existing state) {
            repairs.addDeadlines(state);
            if (state instanceof OpenState open) {
                publishLostTasks(history, open, trace.with(tasksSince(before.version(), history)), facts);
            }
        }
    }

    /** The tasks that were published with the versions after one, and so after the survey. */
    private static Set<String> tasksSince(int version, JobHistory history) {
        return IntStream.rangeClosed(version + 1, history.version())
                .mapToObj(later -> history.announcement(later).tasks())
                .flatMap(List::stream)
                .map(task -> JobTrace.task(task.task(), task.attempt()))
                .collect(Collectors.toSet());
    }

    private void publishLostTasks(JobHistory history, OpenState state, JobTrace trace, TopicSurvey facts) {
        for (var task : state.record().tasks().open()) {
            if (isLost(history, task, trace, facts)) {
                repaired(trace, Discrepancy.TASK);
                repairs.publishTask(state, task, facts.skippedOffsets());
            }
        }
    }

    private void republish(JobHistory history, JobTrace trace) {
        if (!(history.state() instanceof Existing state)) {
            return;
        }
        if (trace.publishedVersion() < history.version()) {
            repaired(trace, Discrepancy.STATE);
            repairs.publishState(history.announcement(history.version()));
        }
        for (int version = 1; version <= history.version(); version++) {
            if (!trace.eventVersions().contains(version)) {
                repaired(trace, Discrepancy.EVENT);
                repairs.publishEvent(history.announcement(version));
            }
        }
        if (state.record().request().webhook() != null && !trace.hasDelivery()) {
            history.announcement(history.version()).webhook().ifPresent(delivery -> {
                repaired(trace, Discrepancy.WEBHOOK);
                repairs.publishDelivery(delivery);
            });
        }
    }

    /** The inputs that change a history although the lifecycle consumed them. */
    private List<JobEvent> missingInputs(JobHistory history, JobTrace trace, Instant now) {
        var missing = new ArrayList<JobEvent>();
        var replayed = history;
        for (var input : inputs(history, trace)) {
            // An older job without a history may have been purged, and must stay so.
            boolean mayBePurged =
                    replayed.version() == 0 && !input.at().plus(erasedJobTtl).isAfter(now);
            var after = mayBePurged ? replayed : replayed.with(input);
            if (!after.equals(replayed)) {
                missing.add(input);
                replayed = after;
            }
        }
        // Without the request, the others change nothing that is visible.
        return replayed.version() == 0 ? List.of() : missing;
    }

    /** The inputs in the topics, or after the loss of the request also of the history, the request as the view knows it. */
    private static List<JobEvent> inputs(JobHistory history, JobTrace trace) {
        var shown = trace.shown();
        boolean hasRequest = trace.inputs().stream().anyMatch(JobReconciler::isSubmission);
        if (history.version() > 0
                || hasRequest
                || shown == null
                || shown.status().terminal()) {
            return trace.inputs();
        }
        var inputs = new ArrayList<JobEvent>();
        inputs.add(new GenerationRequested(
                shown.id(),
                TaskPlan.nameOf(shown.request()),
                1,
                shown.maxAttempts(),
                shown.createdAt(),
                null,
                shown.request()));
        inputs.addAll(trace.inputs());
        return inputs;
    }

    static boolean isSubmission(JobEvent event) {
        return event instanceof GenerationRequested request && request.byClient();
    }

    private static boolean isLost(JobHistory history, JobTask task, JobTrace trace, TopicSurvey facts) {
        var worker = task.worker();
        if (worker != null) {
            var startedAt = facts.busyWorkers().get(worker.id());
            if (startedAt != null && !startedAt.isAfter(task.changed().at())) {
                return false;
            }
        }
        // Each delivery of the same record is an attempt, so the record may carry the number of an earlier one.
        for (int attempt = firstAttempt(history, task); attempt <= task.attempt(); attempt++) {
            if (trace.tasks().contains(JobTrace.task(task.name(), attempt))) {
                return false;
            }
        }
        return true;
    }

    private static int firstAttempt(JobHistory history, JobTask current) {
        return history.states().stream()
                .flatMap(state -> state.record().tasks().find(current.name()).stream())
                .filter(JobTask::isDue)
                .reduce((earlier, later) -> later)
                .map(JobTask::attempt)
                .orElse(current.attempt());
    }

    private void repaired(JobTrace trace, Discrepancy kind) {
        LOG.warn("{}: {}", trace.job(), kind.explanation());
        queue.repaired(kind);
    }

    /** What the lifecycle does to repair a job. */
    interface Repairs {

        JobHistory history(JobId job);

        /** Applies an input, with everything that follows from it. */
        void apply(JobEvent input);

        /** Publishes the state of an announcement again. */
        void publishState(Announcement announcement);

        /** Publishes the event of an announcement again. */
        void publishEvent(Announcement announcement);

        /** Publishes the first record of a delivery to a webhook again. */
        void publishDelivery(WebhookDelivery delivery);

        /**
         * Publishes an open task of a state again.
         *
         * @param lost the task
         * @param skippedOffsets see {@link TopicSurvey}
         */
        void publishTask(OpenState state, JobTask lost, Map<String, Long> skippedOffsets);

        /** Adds the deadlines of a state again. */
        void addDeadlines(Existing state);
    }
}
