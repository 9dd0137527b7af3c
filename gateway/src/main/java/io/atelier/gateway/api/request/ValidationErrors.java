package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.Mistake;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what is wrong with a request, so that all of it can be told at once. Not thread-safe. */
public final class ValidationErrors {

    private static final int MOST_TOLD = 32;

    private final List<Mistake> found = new ArrayList<>();
    private @Nullable Problem special;

    /** Adds a mistake that has no problem of its own. */
    public void add(String pointer, String detail) {
        found.add(new Mistake(pointer, detail));
    }

    /** Adds a mistake that has a problem of its own, which is told if it is the only mistake. */
    void add(String pointer, Problem problem) {
        special = problem;
        found.add(new Mistake(pointer, problem.detail()));
    }

    boolean none() {
        return found.isEmpty();
    }

    /** What is wrong, with the fields that it is wrong with. */
    List<String> details() {
        return found.stream()
                .map(mistake -> mistake.pointer() + ": " + mistake.detail())
                .toList();
    }

    /**
     * Does nothing if nothing is wrong.
     *
     * @throws Problem of the only mistake, or of kind {@code VALIDATION_FAILED} with all of them, if there are any
     */
    public void refuse() {
        if (found.isEmpty()) {
            return;
        }
        if (special != null && found.size() == 1) {
            throw special.mistakes(found);
        }
        throw new Problem(ProblemKind.VALIDATION_FAILED, inWords()).mistakes(told());
    }

    private String inWords() {
        var first = found.get(0);
        var where = first.pointer().isEmpty() ? "The body" : first.pointer();
        var one = where + ": " + first.detail();
        return found.size() == 1 ? one : "%d mistakes. The first: %s".formatted(found.size(), one);
    }

    private List<Mistake> told() {
        return found.subList(0, Math.min(MOST_TOLD, found.size()));
    }
}
