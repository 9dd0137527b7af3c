package io.atelier.gateway.faces.openai;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with the parameters of a request. Not thread-safe. */
final class ParameterErrors {

    private final List<FieldError> errors = new ArrayList<>();
    private boolean isUnsupported;

    /**
     * Adds a value that no request may have.
     *
     * @param parameter empty for the whole body
     */
    void invalid(String parameter, String detail) {
        errors.add(FieldError.inBody(parameter.isEmpty() ? "" : "/" + parameter, detail));
    }

    /** Adds a value that others support and this gateway or the model does not. */
    void unsupported(String parameter, String detail) {
        isUnsupported |= errors.isEmpty();
        invalid(parameter, detail);
    }

    /** @throws Problem with the errors, if there are any */
    void throwIfAny() {
        if (!errors.isEmpty()) {
            var kind = isUnsupported ? ProblemKind.UNSUPPORTED_VALUE : ProblemKind.INVALID_VALUE;
            throw problem(kind, errors);
        }
    }

    /** The problem of errors of which there is at least one. */
    static Problem problem(ProblemKind kind, List<FieldError> errors) {
        return new Problem(kind, summary(errors)).errors(errors);
    }

    /** The first error, and how many there are. */
    static String summary(List<FieldError> errors) {
        var first = errors.get(0);
        var place = first.pointer() == null || first.pointer().isEmpty()
                ? first.place()
                : first.pointer().substring(1).replace('/', '.');
        var text = place + ": " + first.detail();
        return errors.size() == 1 ? text : "%d errors. The first: %s".formatted(errors.size(), text);
    }
}
