package io.atelier.gateway.faces.intel;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.view.jobs.JobQuery;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reads the state of sessions from the view. The jobs of a session have the ordinals 1, 2, 3 and so on; the id of a job is derived from session and
 * ordinal, so that of two runs at the same time only one creates a job, and the next job of a session is found by its id. What is kept in memory is the
 * position in this sequence, and what a client has done since the newest job: a selected device (the next job carries it as a label) and a cleared
 * result. Thread-safe.
 */
final class IntelSessions {

    private static final String SESSION_LABEL = "intel.session";
    private static final String ORDINAL_LABEL = "intel.ordinal";
    private static final String DEVICE_LABEL = "intel.device";

    private static final int MAX_REMEMBERED = 10_000;

    /** A retry of a job of a session has its labels, but not an id of the session. */
    private static final int MAX_LISTED = 20;

    private static final Pattern ORDINAL = Pattern.compile("[1-9]\\d{0,17}");

    private final Jobs jobs;
    private final Scheduler listThreads;
    private final Map<String, Position> positions = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Position> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** @param listThreads for reading the list of jobs, which may take a second */
    IntelSessions(Jobs jobs, Scheduler listThreads) {
        this.jobs = jobs;
        this.listThreads = listThreads;
    }

    /**
     * What is remembered of a session.
     *
     * @param newest the ordinal of its newest job; 0 for none
     * @param last the highest ordinal that is used
     * @param accepted the newest job as long as the view does not show it; else null
     * @param device the selected device
     * @param selectedAt the ordinal of the newest job when the device was selected; -1 for never
     * @param cleared the ordinal up to which results were cleared
     */
    private record Position(
            long newest,
            long last,
            @Nullable Job accepted,
            @Nullable String device,
            long selectedAt,
            long cleared) {

        static Position at(long ordinal) {
            return new Position(ordinal, ordinal, null, null, -1, 0);
        }

        Position at(long newestOrdinal, long lastOrdinal, @Nullable Job acceptedJob) {
            return new Position(newestOrdinal, lastOrdinal, acceptedJob, device, selectedAt, cleared);
        }

        Position selected(@Nullable String name) {
            return new Position(newest, last, accepted, name, newest, newest);
        }

        Position cleared(long ordinal) {
            return new Position(newest, last, accepted, device, selectedAt, ordinal);
        }
    }

    /** The state of the session now. Fails with a problem if the view has not caught up since the start. */
    Mono<IntelSession> find(String name) {
        return Mono.defer(() -> isRemembered(name)
                        ? Mono.just(current(name))
                        : Mono.fromCallable(() -> listed(name))
                                .subscribeOn(listThreads)
                                .map(ordinal -> rememberIfAbsent(name, ordinal)))
                .onErrorMap(JobsNotReady.class, JobLookup::startingProblem);
    }

    /** The id of a job of the session. */
    static JobId jobId(String session, long ordinal) {
        return JobId.of(
                Sha256.of("atelier/default/intel/" + session + "\n" + ordinal).uuid());
    }

    /** The labels of the next job of the session. */
    static Map<String, String> labels(IntelSession session) {
        var labels = new HashMap<>(
                Map.of(SESSION_LABEL, session.name(), ORDINAL_LABEL, Long.toString(session.nextOrdinal())));
        if (session.device() != null) {
            labels.put(DEVICE_LABEL, session.device());
        }
        return labels;
    }

    /** The next job of the session was accepted. */
    void accepted(IntelSession session, Job job) {
        change(
                session.name(),
                position -> session.nextOrdinal() > position.last()
                        ? position.at(session.nextOrdinal(), session.nextOrdinal(), job)
                        : position);
    }

    /** The client has selected a device, which clears the result of the newest job. */
    void select(IntelSession session, String device) {
        change(session.name(), position -> position.selected(device));
    }

    /** Clears the result of the newest job. Responds whether it was there. */
    boolean take(IntelSession session) {
        var isTaken = new boolean[1];
        change(session.name(), position -> {
            isTaken[0] = position.cleared() < session.ordinal();
            return isTaken[0] ? position.cleared(session.ordinal()) : position;
        });
        return isTaken[0];
    }

    /** Undoes {@link #take}. */
    void putBack(IntelSession session) {
        change(
                session.name(),
                position ->
                        position.cleared() == session.ordinal() ? position.cleared(session.ordinal() - 1) : position);
    }

    private synchronized boolean isRemembered(String name) {
        return positions.containsKey(name);
    }

    private synchronized IntelSession rememberIfAbsent(String name, long ordinal) {
        positions.putIfAbsent(name, Position.at(ordinal));
        return current(name);
    }

    private synchronized void change(String name, UnaryOperator<Position> change) {
        positions.put(name, change.apply(positions.getOrDefault(name, Position.at(0))));
    }

    private synchronized IntelSession current(String name) {
        var position = positions.getOrDefault(name, Position.at(0));
        var shown = position.newest() == 0 ? Optional.<Job>empty() : jobs.find(jobId(name, position.newest()));
        var newest = shown.orElse(position.accepted());
        boolean isShown = shown.isPresent();
        long newestOrdinal = position.newest();
        long last = position.last();
        for (var next = jobs.find(jobId(name, last + 1)); next.isPresent(); next = jobs.find(jobId(name, last + 1))) {
            last++;
            // An ordinal may be used again once its first job was erased and forgotten.
            boolean isLater = newest == null || !next.get().createdAt().isBefore(newest.createdAt());
            if (isLater && belongs(name, next.get())) {
                newest = next.get();
                newestOrdinal = last;
                isShown = true;
            }
        }
        var now = position.at(newestOrdinal, last, isShown ? null : position.accepted());
        positions.put(name, now);
        return new IntelSession(
                name, newest, newestOrdinal, last + 1, device(now, newest), newestOrdinal <= now.cleared());
    }

    /** A client of the native API may have chosen the id of a job; but only this face sets the label. */
    private static boolean belongs(String name, Job job) {
        return job.erasure() != null || name.equals(job.request().labels().get(SESSION_LABEL));
    }

    private static @Nullable String device(Position position, @Nullable Job newest) {
        return position.selectedAt() >= position.newest() || newest == null
                ? position.device()
                : newest.request().labels().get(DEVICE_LABEL);
    }

    /** The ordinal of the newest job of the session that lists show; 0 for none. */
    private long listed(String name) {
        var query =
                new JobQuery(MAX_LISTED, true, null, null, null, null, Map.of(SESSION_LABEL, name), null, null, null);
        return jobs.list(query).jobs().stream()
                .mapToLong(job -> ordinal(name, job))
                .filter(ordinal -> ordinal > 0)
                .findFirst()
                .orElse(0);
    }

    private static long ordinal(String session, Job job) {
        var text = Objects.requireNonNullElse(job.request().labels().get(ORDINAL_LABEL), "");
        long ordinal = ORDINAL.matcher(text).matches() ? Long.parseLong(text) : 0;
        return ordinal > 0 && jobId(session, ordinal).equals(job.id()) ? ordinal : 0;
    }
}
