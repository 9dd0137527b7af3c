package io.atelier.gateway.api.generations;

import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.Mistake;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.jobs.JobQuery;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the query of a list, and tells everything that is wrong with it at once. Used once. */
final class ListQueryReader {

    static final String AFTER = "after";
    static final String BEFORE = "before";
    private static final String LABEL = "label.";
    private static final Set<String> KNOWN =
            Set.of("limit", AFTER, BEFORE, "order", "status", "model", "created_after", "created_before");
    private static final int STANDARD = 20;
    private static final int MOST = 100;

    private final Map<String, List<String>> parameters;
    private final Function<JobId, Optional<Instant>> created;
    private final List<Mistake> mistakes = new ArrayList<>();

    /**
     * A reader of the given query.
     *
     * @param created when a job was made that may stand in a list; empty if that is not known
     */
    ListQueryReader(Map<String, List<String>> parameters, Function<JobId, Optional<Instant>> created) {
        this.parameters = parameters;
        this.created = created;
    }

    /** @throws Problem if the query has mistakes */
    JobQuery read() {
        refuseUnknown();
        var query = new JobQuery(
                limit(),
                newestFirst(),
                cursor(AFTER),
                cursor(BEFORE),
                status(),
                one("model"),
                labels(),
                moment("created_after"),
                moment("created_before"));
        if (mistakes.isEmpty()) {
            return query;
        }
        var first = mistakes.get(0);
        throw new Problem(ProblemKind.VALIDATION_FAILED, first.pointer().substring(1) + ": " + first.detail())
                .mistakes(mistakes);
    }

    private void refuseUnknown() {
        for (var name : new TreeSet<>(parameters.keySet())) {
            boolean label = name.startsWith(LABEL) && name.length() > LABEL.length();
            if (!label && !KNOWN.contains(name)) {
                add(name, "is not known here; allowed: " + String.join(", ", new TreeSet<>(KNOWN)) + ", label.KEY.");
            }
        }
    }

    private int limit() {
        var text = one("limit");
        if (text == null) {
            return STANDARD;
        }
        int limit = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MOST) {
            add("limit", "must be a whole number from 1 to " + MOST + ".");
        }
        return limit;
    }

    private boolean newestFirst() {
        var order = one("order");
        if (order != null && !order.equals("desc") && !order.equals("asc")) {
            add("order", "must be desc (newest first, the standard) or asc.");
        }
        return !"asc".equals(order);
    }

    private JobQuery.@Nullable Cursor cursor(String name) {
        var text = one(name);
        if (text == null) {
            return null;
        }
        var id = JobId.parse(text);
        if (id.isEmpty()) {
            add(name, "must be the id of a generation.");
            return null;
        }
        var at = created.apply(id.get()).or(id.get()::createdAt);
        if (at.isEmpty()) {
            add(name, "names a generation that is not there any more, so that its place is not known. Start again.");
            return null;
        }
        return new JobQuery.Cursor(at.get(), id.get());
    }

    private @Nullable JobStatus status() {
        var word = one("status");
        var status = Stream.of(JobStatus.values())
                .filter(one -> one.word().equals(word))
                .findFirst();
        if (word != null && status.isEmpty()) {
            var words = Stream.of(JobStatus.values()).map(JobStatus::word).collect(Collectors.joining(", "));
            add("status", "must be one of " + words + ".");
        }
        return status.orElse(null);
    }

    private Map<String, String> labels() {
        var labels = new HashMap<String, String>();
        for (var name : parameters.keySet()) {
            var value = name.startsWith(LABEL) ? one(name) : null;
            if (value != null) {
                labels.put(name.substring(LABEL.length()), value);
            }
        }
        return labels;
    }

    private @Nullable Instant moment(String name) {
        var text = one(name);
        if (text == null) {
            return null;
        }
        try {
            // Nobody means a space: it is a plus sign that was not encoded.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            add(name, "must be a moment as in RFC 3339, such as 2026-11-21T10:00:00Z.");
            return null;
        }
    }

    private @Nullable String one(String name) {
        var values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            add(name, "is given more than once.");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    private void add(String name, String detail) {
        mistakes.add(new Mistake("?" + name, detail));
    }
}
