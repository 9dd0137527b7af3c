package io.atelier.gateway.api.request;

import io.atelier.contract.image.GridSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads how the borders of tiles are removed: a word, or an object with the fields of {@link GridForm.Trim}. */
final class TrimFields {

    /** The words of the modes. */
    static final String WORDS = String.join("', '", Mode.WORDS);

    private static final String FIELD = "trim";
    private static final Pattern COLOUR = Pattern.compile(RequestLimits.COLOUR);

    private final JsonFields fields;

    /** @param fields the object that has the field {@code trim} */
    TrimFields(JsonFields fields) {
        this.fields = fields;
    }

    /** How tiles are trimmed. */
    enum Mode {
        /** Searches for gutters; removes lines of the background. The word {@code tolerant} means the same. */
        AUTO,
        /** Removes nothing. */
        NONE,
        /** Cuts into cells of equal size; removes what is exactly white. */
        STRICT;

        private static final Set<String> WORDS = new TreeSet<>(Set.of("auto", "none", "strict", "tolerant"));

        static Optional<Mode> of(String word) {
            return WORDS.contains(word)
                    ? Optional.of(word.equals("tolerant") ? AUTO : valueOf(word.toUpperCase(Locale.ROOT)))
                    : Optional.empty();
        }
    }

    /**
     * The values of the field, with defaults filled in.
     *
     * @param colour {@code #rrggbb} in lower case; null to find it
     * @param minTile the shortest side of a tile; empty for the default of the mode
     */
    record Trim(Mode mode, @Nullable String colour, int inset, int tolerance, Optional<Integer> minTile) {

        static Trim of(Mode mode) {
            return new Trim(mode, null, 0, RequestLimits.DEFAULT_TRIM_TOLERANCE, Optional.empty());
        }

        /** The default of the shortest side of a tile. */
        int defaultMinTile() {
            return mode == Mode.STRICT ? RequestLimits.MIN_TILE_PX : RequestLimits.DEFAULT_TILE_PX;
        }

        GridSpec spec(int rows, int cols, int minTilePixels) {
            boolean isStrict = mode == Mode.STRICT;
            return new GridSpec(
                    rows,
                    cols,
                    mode != Mode.NONE,
                    inset,
                    isStrict ? 0 : tolerance,
                    minTilePixels,
                    isStrict ? true : null,
                    isStrict ? GridSpec.WHITE : colour,
                    null);
        }
    }

    Trim read() {
        var given = fields.value(FIELD);
        if (given.filter(JsonNode::isObject).isPresent()) {
            return fields.object(FIELD).map(TrimFields::read).orElseThrow();
        }
        var mode = given.filter(JsonNode::isString).map(JsonNode::stringValue).flatMap(Mode::of);
        if (given.isPresent() && mode.isEmpty()) {
            fields.error(
                    FIELD,
                    "Must be one of '%s', or an object with some of %s."
                            .formatted(WORDS, String.join(", ", JsonFields.names(GridForm.Trim.class))));
        }
        return Trim.of(mode.orElse(Mode.AUTO));
    }

    private static Trim read(JsonFields trim) {
        trim.allowOnly(GridForm.Trim.class, Set.of());
        var word = trim.word("mode");
        var mode = word.flatMap(Mode::of);
        if (word.isPresent() && mode.isEmpty()) {
            trim.error("mode", "Must be one of '%s'.".formatted(WORDS));
        }
        var colour = colour(trim);
        int inset = trim.integer("inset_px", 0, RequestLimits.MAX_TRIM_INSET_PX)
                .orElse(0L)
                .intValue();
        int tolerance = trim.integer("tolerance", 0, RequestLimits.MAX_TRIM_TOLERANCE)
                .map(Long::intValue)
                .orElse(RequestLimits.DEFAULT_TRIM_TOLERANCE);
        var minTile = trim.integer("min_tile_px", RequestLimits.MIN_TILE_PX, RequestLimits.MAX_TILE_PX)
                .map(Long::intValue);
        if (mode.filter(Mode.STRICT::equals).isPresent()) {
            for (var name : new String[] {"colour", "tolerance"}) {
                if (trim.has(name)) {
                    trim.error(
                            name, "Has no meaning in mode 'strict', which removes exactly white only. Leave it out.");
                }
            }
        }
        return new Trim(mode.orElse(Mode.AUTO), colour, inset, tolerance, minTile);
    }

    private static @Nullable String colour(JsonFields trim) {
        var word = trim.word("colour");
        if (word.isEmpty() || word.get().equals("auto")) {
            return null;
        }
        if (word.get().equals("white")) {
            return GridSpec.WHITE;
        }
        if (!COLOUR.matcher(word.get()).matches()) {
            trim.error("colour", "Must be 'auto', 'white' or a colour such as '#f0e8d0'.");
            return null;
        }
        return word.get().toLowerCase(Locale.ROOT);
    }
}
