package io.atelier.gateway.api.generations;

import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.ClientSuppliedId;
import io.atelier.gateway.api.request.PageLimit;
import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.view.jobs.JobQuery;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads and validates the query of a list; reports all errors at once. For one use. */
final class ListQueryReader {

    static final String LIMIT = PageLimit.NAME;
    static final String AFTER = "after";
    static final String BEFORE = "before";
    static final String ORDER = "order";
    static final String STATUS = "status";
    static final String MODEL = "model";
    static final String CREATED_AFTER = "created_after";
    static final String CREATED_BEFORE = "created_before";

    /** Filters by a label, as KEY=VALUE; may be given several times. */
    static final String LABEL = "label";

    /** The prefix of the parameters that filter by a label, too; the rest of the name is the label's key. */
    static final String LABEL_KEY = LABEL + ".";

    private final Map<String, List<String>> parameters;
    private final Function<JobId, Optional<Instant>> created;
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * @param created the time at which a job of the view was created; empty if the view does not have it
     */
    ListQueryReader(Map<String, List<String>> parameters, Function<JobId, Optional<Instant>> created) {
        this.parameters = parameters;
        this.created = created;
    }

    /** @throws Problem if the query is invalid */
    JobQuery read() {
        var query = new JobQuery(
                limit(),
                newestFirst(),
                cursor(AFTER),
                cursor(BEFORE),
                status(),
                model(),
                labels(),
                null,
                time(CREATED_AFTER),
                time(CREATED_BEFORE));
        if (errors.isEmpty()) {
            return query;
        }
        var first = errors.get(0);
        throw new Problem(ProblemKind.VALIDATION_FAILED, first.parameter() + ": " + first.detail()).errors(errors);
    }

    private int limit() {
        var text = one(LIMIT);
        if (text == null) {
            return RequestLimits.DEFAULT_PAGE_SIZE;
        }
        var allowed = new PageLimit(RequestLimits.MAX_PAGE_SIZE);
        var limit = allowed.parse(text);
        if (limit.isEmpty()) {
            add(LIMIT, allowed.allowed());
        }
        return limit.orElse(0);
    }

    private boolean newestFirst() {
        var order = one(ORDER);
        if (order != null && !order.equals("desc") && !order.equals("asc")) {
            add(ORDER, "Must be desc (newest first, the default) or asc.");
        }
        return !"asc".equals(order);
    }

    private JobQuery.@Nullable Cursor cursor(String name) {
        var text = one(name);
        if (text == null) {
            return null;
        }
        var id = ClientSuppliedId.parse(text);
        if (id.isEmpty()) {
            add(name, "Must be the id of a generation.");
            return null;
        }
        var at = created.apply(id.get()).or(id.get()::createdAt);
        if (at.isEmpty()) {
            add(
                    name,
                    "Is the id of a generation that no longer exists, so that its place is unknown. Start again"
                            + " without it.");
            return null;
        }
        return new JobQuery.Cursor(at.get(), id.get());
    }

    private @Nullable JobStatus status() {
        var word = one(STATUS);
        var status = Stream.of(JobStatus.values())
                .filter(one -> one.word().equals(word))
                .findFirst();
        if (word != null && status.isEmpty()) {
            var words = Stream.of(JobStatus.values()).map(JobStatus::word).collect(Collectors.joining(", "));
            add(STATUS, "Must be one of " + words + ".");
        }
        return status.orElse(null);
    }

    private @Nullable String model() {
        var model = one(MODEL);
        if (model != null && model.isEmpty()) {
            add(MODEL, "Must be the id of a model; /v1/models lists them.");
        }
        return model;
    }

    private Map<String, String> labels() {
        var labels = new HashMap<String, String>();
        for (var name : parameters.keySet()) {
            var value = name.startsWith(LABEL_KEY) ? one(name) : null;
            if (value != null) {
                labels.put(name.substring(LABEL_KEY.length()), value);
            }
        }
        for (var pair : parameters.getOrDefault(LABEL, List.of())) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                add(LABEL, "Must be KEY=VALUE, such as label=campaign=q4.");
            } else if (labels.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                add(LABEL, "Names the key '%s' more than once.".formatted(pair.substring(0, equals)));
            }
        }
        return labels;
    }

    private @Nullable Instant time(String name) {
        var text = one(name);
        if (text == null) {
            return null;
        }
        try {
            // A space is a plus sign that the client did not encode.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            add(name, "Must be a time of RFC 3339, such as 2026-11-21T10:00:00Z.");
            return null;
        }
    }

    private @Nullable String one(String name) {
        var values = parameters.getOrDefault(name, List.of());
        return values.isEmpty() ? null : values.get(0);
    }

    private void add(String name, String detail) {
        errors.add(FieldError.inParameter(name, detail));
    }
}
