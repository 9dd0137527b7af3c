package io.atelier.gateway.api.request;

import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.Model.Guidance;
import io.atelier.gateway.view.models.Model.Steps;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the fields that a model limits: number, steps, guidance, negative prompt, and the size, which a client may give in one of three forms.
 * For an unknown model, the limits of the API apply.
 */
final class ModelLimitFields {

    private static final Pattern SIZE = Pattern.compile(RequestLimits.SIZE);
    private static final Pattern ASPECT_RATIO = Pattern.compile(RequestLimits.ASPECT_RATIO);

    /** As many digits as {@link RequestLimits#SIZE} has; more is refused before the model's sizes are looked at. */
    private static final int LARGEST_READ_SIDE = 99_999;

    private final JsonFields fields;
    private final Optional<Model> model;

    ModelLimitFields(JsonFields fields, Optional<Model> model) {
        this.fields = fields;
        this.model = model;
    }

    int n() {
        int max = model.map(Model::maxImages).orElse(RequestLimits.MAX_N);
        return fields.integer("n", 1, max).orElse(1L).intValue();
    }

    /** Refuses more pixels than a worker can hold, and says what would fit. */
    void checkTotal(int n, ImageSize size) {
        long pixels = (long) size.width() * size.height();
        if (n * pixels <= RequestLimits.MAX_TOTAL_PIXELS) {
            return;
        }
        long fitting = RequestLimits.MAX_TOTAL_PIXELS / pixels;
        int multiple = RequestLimits.SIDE_MULTIPLE;
        long side = (long) Math.sqrt((double) RequestLimits.MAX_TOTAL_PIXELS / n) / multiple * multiple;
        fields.error(
                "n",
                "%d images of %s are too many pixels for one request, which may have %d in total. Ask for at most %d of this size, or for %d of at most %dx%d."
                        .formatted(n, size, RequestLimits.MAX_TOTAL_PIXELS, fitting, n, side, side));
    }

    Optional<Integer> steps() {
        var limits = model.flatMap(known -> Optional.ofNullable(known.steps()));
        if (!isAdjustable("steps", limits)) {
            return Optional.empty();
        }
        int min = limits.map(Steps::min).orElse(1);
        int max = limits.map(Steps::max).orElse(RequestLimits.MAX_STEPS);
        return fields.integer("steps", min, max).map(Long::intValue);
    }

    Optional<Double> guidance() {
        var limits = model.flatMap(known -> Optional.ofNullable(known.guidance()));
        if (!isAdjustable("guidance_scale", limits)) {
            return Optional.empty();
        }
        double min = limits.map(Guidance::min).orElse(0.0);
        double max = limits.map(Guidance::max).orElse((double) RequestLimits.MAX_GUIDANCE_SCALE);
        return fields.number("guidance_scale", min, max, "from %s to %s".formatted(plain(min), plain(max)));
    }

    private static String plain(double bound) {
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    private boolean isAdjustable(String field, Optional<?> limits) {
        if (!fields.has(field) || model.isEmpty() || limits.isPresent()) {
            return true;
        }
        fields.error(
                field,
                "The model '%s' does not let clients set this. Leave it out."
                        .formatted(model.get().id()));
        return false;
    }

    Optional<String> negativePrompt() {
        var prompt = fields.text("negative_prompt", 0, RequestLimits.MAX_PROMPT_LENGTH)
                .filter(text -> !VisibleText.isBlank(text));
        if (prompt.isPresent() && model.isPresent() && !model.get().negativePrompt()) {
            fields.error(
                    "negative_prompt",
                    "The model '%s' has no negative prompt. Leave it out."
                            .formatted(model.get().id()));
        }
        return prompt;
    }

    /** The size that the request sets, or the model's default; empty after an error, and if the model is unknown. */
    Optional<ImageSize> size() {
        return model.flatMap(this::size);
    }

    /** Whether the request leaves the size to the model. */
    boolean usesDefaultSize() {
        boolean isSet = fields.has("width") || fields.has("height") || fields.has("aspect_ratio");
        return !isSet
                && (!fields.has("size")
                        || fields.text("size", 1, 16).filter("auto"::equals).isPresent());
    }

    private Optional<ImageSize> size(Model known) {
        boolean hasSides = fields.has("width") || fields.has("height");
        int forms = (fields.has("size") ? 1 : 0) + (hasSides ? 1 : 0) + (fields.has("aspect_ratio") ? 1 : 0);
        if (forms > 1) {
            var last =
                    fields.has("aspect_ratio") ? "aspect_ratio" : hasSides && fields.has("width") ? "width" : "height";
            fields.error(last, "Give the size in one form only: 'size', or 'width' and 'height', or 'aspect_ratio'.");
            return Optional.empty();
        }
        if (fields.has("aspect_ratio")) {
            return fields.text("aspect_ratio", 3, 9).flatMap(ratio -> ofRatio(ratio, known));
        }
        if (hasSides) {
            return ofSides(known).flatMap(size -> supported(size, "width", known));
        }
        return fields.has("size")
                ? fields.text("size", 1, 16).flatMap(size -> ofPair(size, known))
                : Optional.of(known.sizes().standard());
    }

    private Optional<ImageSize> ofPair(String size, Model known) {
        if (size.equals("auto")) {
            return Optional.of(known.sizes().standard());
        }
        var pair = SIZE.matcher(size);
        if (!pair.matches()) {
            fields.error("size", "Must be 'auto' or WIDTHxHEIGHT in pixels, such as '512x512'.");
            return Optional.empty();
        }
        int width = Integer.parseInt(pair.group(1));
        int height = Integer.parseInt(pair.group(2));
        if (!isSide(width) || !isSide(height)) {
            fields.error("size", unsupported(width, height, known));
            return Optional.empty();
        }
        return supported(new ImageSize(width, height), "size", known);
    }

    private Optional<ImageSize> ofSides(Model known) {
        var width = side("width", "height");
        var height = side("height", "width");
        if (width.isEmpty() || height.isEmpty()) {
            return Optional.empty();
        }
        if (isSide(width.get()) && isSide(height.get())) {
            return Optional.of(new ImageSize(width.get(), height.get()));
        }
        var unsupported = unsupported(width.get(), height.get(), known);
        if (!isSide(width.get())) {
            fields.error("width", unsupported);
        }
        if (!isSide(height.get())) {
            fields.error("height", unsupported);
        }
        return Optional.empty();
    }

    private Optional<Integer> side(String name, String other) {
        if (!fields.has(name)) {
            fields.error(name, "Is missing: '%s' and '%s' belong together.".formatted(other, name));
            return Optional.empty();
        }
        return fields.integer(name, 1, LARGEST_READ_SIDE).map(Long::intValue);
    }

    /** The message for a size that no model has. */
    private static String unsupported(int width, int height, Model known) {
        return "The model '%s' does not support the size %dx%d; it supports %s.%s"
                .formatted(known.id(), width, height, known.sizes().description(), nearest(width, height, known));
    }

    private Optional<ImageSize> ofRatio(String text, Model known) {
        var ratio = ASPECT_RATIO.matcher(text);
        double value = ratio.matches() ? Double.parseDouble(ratio.group(1)) / Double.parseDouble(ratio.group(2)) : 0;
        int max = RequestLimits.MAX_ASPECT_RATIO;
        if (value < 1.0 / max || value > max) {
            fields.error(
                    "aspect_ratio",
                    "Must be WIDTH:HEIGHT in whole numbers from 1:%d to %d:1, such as '16:9'.".formatted(max, max));
            return Optional.empty();
        }
        return Optional.of(known.sizes().ofRatio(value));
    }

    private Optional<ImageSize> supported(ImageSize size, String field, Model known) {
        if (known.sizes().allow(size)) {
            return Optional.of(size);
        }
        var nearest = known.sizes().nearest(size);
        fields.error(
                field,
                new Problem(
                                ProblemKind.SIZE_UNSUPPORTED,
                                "The model '%s' does not support the size %s; it supports %s. The nearest size is %s."
                                        .formatted(
                                                known.id(), size, known.sizes().description(), nearest))
                        .with("nearest_size", nearest.toString()));
        return Optional.empty();
    }

    /** A sentence, after a space, for sides that are not far from those of any model; empty for others. */
    private static String nearest(int width, int height, Model known) {
        return Math.max(width, height) > 2 * RequestLimits.MAX_SIDE
                ? ""
                : " The nearest size is %s.".formatted(known.sizes().nearest(new ImageSize(width, height)));
    }

    private static boolean isSide(int side) {
        return side >= RequestLimits.MIN_SIDE
                && side <= RequestLimits.MAX_SIDE
                && side % RequestLimits.SIDE_MULTIPLE == 0;
    }
}
