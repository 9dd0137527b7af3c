package io.atelier.gateway.api.request;

import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.models.Model;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the size of the pictures, which a client may give in one of three forms. */
final class SizeFields {

    private static final int LEAST = 64;
    private static final int MOST = 4096;
    private static final Pattern PAIR = Pattern.compile("([1-9][0-9]{0,4})x([1-9][0-9]{0,4})");
    private static final Pattern RATIO = Pattern.compile("([1-9][0-9]{0,3}):([1-9][0-9]{0,3})");

    private final JsonFields fields;
    private final ValidationErrors mistakes;

    SizeFields(JsonFields fields, ValidationErrors mistakes) {
        this.fields = fields;
        this.mistakes = mistakes;
    }

    /** The size asked for, or the model's own; empty after a mistake. */
    Optional<ImageSize> read(Model model) {
        boolean sides = fields.has("width") || fields.has("height");
        int forms = (fields.has("size") ? 1 : 0) + (sides ? 1 : 0) + (fields.has("aspect_ratio") ? 1 : 0);
        if (forms > 1) {
            var last = fields.has("aspect_ratio") ? "aspect_ratio" : sides && fields.has("width") ? "width" : "height";
            fields.mistake(last, "Give the size in one form only: 'size', or 'width' and 'height', or 'aspect_ratio'.");
            return Optional.empty();
        }
        if (fields.has("aspect_ratio")) {
            return fields.text("aspect_ratio", 3, 9).flatMap(ratio -> ofRatio(ratio, model));
        }
        if (sides) {
            return ofSides().flatMap(size -> drawable(size, "width", model));
        }
        return fields.has("size")
                ? fields.text("size", 1, 16).flatMap(size -> ofPair(size, model))
                : Optional.of(model.sizes().standard());
    }

    /** Whether the client left the size to the model. */
    boolean leftOpen() {
        boolean given = fields.has("width") || fields.has("height") || fields.has("aspect_ratio");
        return !given
                && (!fields.has("size")
                        || fields.text("size", 1, 16).filter("auto"::equals).isPresent());
    }

    private Optional<ImageSize> ofPair(String size, Model model) {
        if (size.equals("auto")) {
            return Optional.of(model.sizes().standard());
        }
        var pair = PAIR.matcher(size);
        if (!pair.matches()) {
            fields.mistake("size", "Must be 'auto' or WIDTHxHEIGHT in pixels, such as '512x512'.");
            return Optional.empty();
        }
        int width = Integer.parseInt(pair.group(1));
        int height = Integer.parseInt(pair.group(2));
        if (!isSide(width) || !isSide(height)) {
            fields.mistake("size", "Each side must be a multiple of 8 from %d to %d.".formatted(LEAST, MOST));
            return Optional.empty();
        }
        return drawable(new ImageSize(width, height), "size", model);
    }

    private Optional<ImageSize> ofSides() {
        var width = side("width", "height");
        var height = side("height", "width");
        return width.isPresent() && height.isPresent()
                ? Optional.of(new ImageSize(width.get(), height.get()))
                : Optional.empty();
    }

    private Optional<Integer> side(String name, String other) {
        if (!fields.has(name)) {
            fields.mistake(name, "Is missing: '%s' and '%s' belong together.".formatted(other, name));
            return Optional.empty();
        }
        var side = fields.whole(name, LEAST, MOST).map(Long::intValue);
        if (side.isPresent() && !isSide(side.get())) {
            fields.mistake(name, "Must be a multiple of 8.");
            return Optional.empty();
        }
        return side;
    }

    private Optional<ImageSize> ofRatio(String text, Model model) {
        var ratio = RATIO.matcher(text);
        double value = ratio.matches() ? Double.parseDouble(ratio.group(1)) / Double.parseDouble(ratio.group(2)) : 0;
        if (value < 1.0 / 3 || value > 3) {
            fields.mistake("aspect_ratio", "Must be WIDTH:HEIGHT in whole numbers from 1:3 to 3:1, such as '16:9'.");
            return Optional.empty();
        }
        return Optional.of(model.sizes().ofRatio(value));
    }

    private Optional<ImageSize> drawable(ImageSize size, String field, Model model) {
        if (model.sizes().allow(size)) {
            return Optional.of(size);
        }
        mistakes.add(
                fields.at(field),
                new Problem(
                        ProblemKind.SIZE_UNSUPPORTED,
                        "The model '%s' does not draw %s; it draws %s."
                                .formatted(model.id(), size, model.sizes().inWords())));
        return Optional.empty();
    }

    private static boolean isSide(int side) {
        return side >= LEAST && side <= MOST && side % 8 == 0;
    }
}
