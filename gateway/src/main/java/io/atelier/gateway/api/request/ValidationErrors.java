package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the validation errors of a request, so that one response reports them all. Not thread-safe. */
public final class ValidationErrors {

    private static final int MAX_REPORTED = 32;

    private final List<FieldError> errors = new ArrayList<>();
    private @Nullable Problem special;

    /** Adds an error of kind {@code VALIDATION_FAILED}. */
    public void add(FieldError error) {
        errors.add(error);
    }

    /** Adds an error of kind {@code VALIDATION_FAILED}. */
    void add(String pointer, String detail) {
        errors.add(FieldError.inBody(pointer, detail));
    }

    /** Adds an error of kind {@code VALIDATION_FAILED} in a header. */
    void addHeader(String header, String detail) {
        errors.add(FieldError.inHeader(header, detail));
    }

    /** Adds an error that has a problem kind of its own, which is reported if it is the only error. */
    void add(String pointer, Problem problem) {
        special = problem;
        errors.add(FieldError.inBody(pointer, problem.detail()));
    }

    boolean isEmpty() {
        return errors.isEmpty();
    }

    /** The errors as texts, each with its place. */
    List<String> details() {
        return errors.stream()
                .map(error -> error.place() + ": " + error.detail())
                .toList();
    }

    /**
     * Ends the request if there are errors.
     *
     * @throws Problem of the only error, or of kind {@code VALIDATION_FAILED} with all of them, at most 32
     */
    public void throwIfAny() {
        if (errors.isEmpty()) {
            return;
        }
        if (special != null && errors.size() == 1) {
            throw special.errors(errors);
        }
        throw new Problem(ProblemKind.VALIDATION_FAILED, summary()).errors(reported());
    }

    private String summary() {
        var first = errors.get(0);
        var text = first.place() + ": " + first.detail();
        return errors.size() == 1 ? text : "%d errors. The first: %s".formatted(errors.size(), text);
    }

    private List<FieldError> reported() {
        return errors.subList(0, Math.min(MAX_REPORTED, errors.size()));
    }
}
