package io.atelier.gateway.api.request;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.api.request.TrimFields.Mode;
import io.atelier.gateway.api.request.TrimFields.Trim;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads how the images of an avatar look: the fields {@code trim} and {@code style}. */
final class AvatarStyleFields {

    private static final String TRIM = "trim";
    private static final String MODE = "mode";
    private static final String CROP = "crop_white_borders";
    private static final String RANDOMIZE = "randomize_style";
    private static final int SIDE = 2;

    /** The old system took what is at least 220 of 255 for white. */
    private static final int WHITE_TOLERANCE = 35;

    private final JsonFields fields;
    private final Optional<JsonFields> style;

    AvatarStyleFields(JsonFields fields) {
        this.fields = fields;
        this.style = fields.object(AvatarForm.STYLE);
        style.ifPresent(given -> given.allowOnly(AvatarForm.Style.class, Set.of()));
    }

    /**
     * How the grids are cut. All tiles are kept, also small ones.
     *
     * @param size of a grid; empty if it is unknown
     */
    GridSpec grid(Optional<ImageSize> size) {
        var trim = new TrimFields(fields).read();
        boolean isAuto = fields.value(TRIM).map(AvatarStyleFields::isAuto).orElse(true);
        var crop = style.flatMap(given -> BooleanFields.read(given, CROP));
        if (crop.isPresent() && !isAuto) {
            style.ifPresent(
                    given -> given.error(
                            CROP,
                            "Belongs to trim 'auto' without other fields, and trim says something else. Leave one of the two out."));
        }
        var chosen = isAuto && crop.orElse(true)
                ? new Trim(Mode.AUTO, GridSpec.WHITE, 0, WHITE_TOLERANCE, Optional.empty())
                : trim;
        var spec = chosen.spec(SIDE, SIDE, chosen.minTile().orElse(chosen.defaultMinTile()));
        size.ifPresent(known -> checkInset(spec, known));
        return new GridSpec(
                SIDE,
                SIDE,
                spec.trim(),
                spec.insetPixels(),
                spec.tolerance(),
                spec.minTilePixels(),
                spec.strict(),
                spec.colour(),
                true);
    }

    /** Whether a trim is the word 'auto', or an object that says no more. */
    private static boolean isAuto(JsonNode trim) {
        return trim.isObject()
                ? trim.propertyNames().stream()
                        .filter(trim::hasNonNull)
                        .allMatch(name -> name.equals(MODE) && isAutoWord(trim.get(name)))
                : isAutoWord(trim);
    }

    private static boolean isAutoWord(JsonNode word) {
        return word.isString()
                && Mode.of(word.stringValue()).filter(Mode.AUTO::equals).isPresent();
    }

    private void checkInset(GridSpec spec, ImageSize size) {
        var anySize = new GridSpec(SIDE, SIDE, spec.trim(), spec.insetPixels(), spec.tolerance(), 1);
        GridFields.tooSmall(anySize, size).ifPresent(detail -> fields.error(TRIM, detail));
    }

    /**
     * Whether light and style of the base image are chosen at random.
     *
     * @param hasBase whether the request has a base image already
     */
    boolean isRandom(boolean hasBase) {
        boolean isRandom =
                style.flatMap(given -> BooleanFields.read(given, RANDOMIZE)).orElse(false);
        if (isRandom && hasBase) {
            style.ifPresent(given -> given.error(
                    RANDOMIZE,
                    "Belongs to a base image that is made, and 'base' gives one. Leave one of the two out."));
        }
        return isRandom;
    }
}
