package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.request.GridFields.Layout;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of the query of a request to split an image, which say the same as fields of the body.
 *
 * @param rows 1 to 8; null for 2
 * @param cols 1 to 8; null for 2
 * @param trim a word; null if the body says it
 */
public record SplitQuery(
        @Nullable String rows,
        @Nullable String cols,
        @Nullable String trim) {

    /** A query without parameters. */
    static final SplitQuery NONE = new SplitQuery(null, null, null);

    private static final Pattern COUNT = Pattern.compile("[1-8]");

    /** Whether it says the number of rows or columns. */
    boolean hasLayout() {
        return rows != null || cols != null;
    }

    /** The layout; adds an error for each number out of range. */
    Layout layout(ValidationErrors errors) {
        return new Layout(
                count("rows", rows, Layout.STANDARD.rows(), errors),
                count("cols", cols, Layout.STANDARD.cols(), errors));
    }

    /** The mode of the word; adds an error for another word. */
    Optional<TrimFields.Mode> mode(ValidationErrors errors) {
        var mode = Optional.ofNullable(trim).flatMap(TrimFields.Mode::of);
        if (trim != null && mode.isEmpty()) {
            errors.add(FieldError.inParameter("trim", "Must be one of '%s'.".formatted(TrimFields.WORDS)));
        }
        return mode;
    }

    /** What it says, for a fingerprint. */
    String canonical() {
        return rows + "/" + cols + "/" + trim;
    }

    private static int count(String name, @Nullable String text, int standard, ValidationErrors errors) {
        if (text == null) {
            return standard;
        }
        if (!COUNT.matcher(text).matches()) {
            errors.add(FieldError.inParameter(name, "Must be a whole number from 1 to 8."));
            return standard;
        }
        return Integer.parseInt(text);
    }
}
