package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.request.GridFields.Layout;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of the query of a request to split an image, which say the same as fields of the body.
 *
 * @param rows 1 to 8; null for 2
 * @param cols 1 to 8; null for 2
 * @param layout ROWSxCOLUMNS; null if rows and cols, or the body, say it
 * @param trim a word; null if the body says it
 * @param minTilePx 1 to 2048; null if the body says it
 */
public record SplitQuery(
        @Nullable String rows,
        @Nullable String cols,
        @Nullable String layout,
        @Nullable String trim,
        @Nullable String minTilePx) {

    /** A query without parameters. */
    static final SplitQuery NONE = new SplitQuery(null, null, null, null, null);

    private static final Pattern COUNT = Pattern.compile("[1-8]");
    private static final Pattern PIXELS = Pattern.compile("[0-9]{1,4}");

    /** Whether it says the number of rows or columns. */
    boolean hasLayout() {
        return rows != null || cols != null || layout != null;
    }

    /** The name of the parameter that decides most about the size of a tile; empty if none does. */
    Optional<String> decisiveForTiles() {
        var given = Stream.of(
                Map.entry("layout", Optional.ofNullable(layout)),
                Map.entry("rows", Optional.ofNullable(rows)),
                Map.entry("cols", Optional.ofNullable(cols)),
                Map.entry("min_tile_px", Optional.ofNullable(minTilePx)));
        return given.filter(parameter -> parameter.getValue().isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The layout; adds an error for a layout that is none, and for each number out of range. */
    Layout layout(ValidationErrors errors) {
        if (layout != null) {
            if (rows != null || cols != null) {
                errors.add(FieldError.inParameter("layout", "Sets the same as rows and cols. Send one of the two."));
            }
            return Layout.of(layout).orElseGet(() -> {
                errors.add(FieldError.inParameter("layout", Layout.ALLOWED));
                return Layout.STANDARD;
            });
        }
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

    /** The shortest side of a tile; adds an error for a number out of range. */
    Optional<Integer> minTile(ValidationErrors errors) {
        if (minTilePx == null) {
            return Optional.empty();
        }
        int pixels = PIXELS.matcher(minTilePx).matches() ? Integer.parseInt(minTilePx) : 0;
        if (pixels < RequestLimits.MIN_TILE_PX || pixels > RequestLimits.MAX_TILE_PX) {
            errors.add(FieldError.inParameter(
                    "min_tile_px",
                    "Must be a whole number from %d to %d."
                            .formatted(RequestLimits.MIN_TILE_PX, RequestLimits.MAX_TILE_PX)));
            return Optional.empty();
        }
        return Optional.of(pixels);
    }

    /** What it says, for a fingerprint. */
    String canonical() {
        return String.join(
                "/",
                Stream.of(rows, cols, layout, trim, minTilePx)
                        .map(text -> Objects.requireNonNullElse(text, ""))
                        .toList());
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
