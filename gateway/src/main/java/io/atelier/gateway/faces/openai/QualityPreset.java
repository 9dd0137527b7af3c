package io.atelier.gateway.faces.openai;

import io.atelier.gateway.view.models.Model;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The levels of quality in OpenAI's API. A model without such levels gets a number of steps in relation to its standard. */
enum QualityPreset {
    AUTO(1),
    LOW(0.5),
    MEDIUM(1),
    HIGH(1.5),
    XHIGH(2),
    MAX(3);

    private final double factor;

    QualityPreset(double factor) {
        this.factor = factor;
    }

    /** The level of a word; null if there is none. {@code standard} and {@code hd} are the words of older models. */
    static @Nullable QualityPreset of(String word) {
        return switch (word) {
            case "standard" -> MEDIUM;
            case "hd" -> HIGH;
            default ->
                Arrays.stream(values())
                        .filter(preset -> preset.word().equals(word))
                        .findFirst()
                        .orElse(null);
        };
    }

    /** All words of the present API. */
    static String words() {
        return Arrays.stream(values()).map(QualityPreset::word).collect(Collectors.joining(", "));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The number of steps, within the model's limits; empty for the model's standard, and if it has none. */
    Optional<Integer> steps(Model.Steps steps) {
        Integer standard = steps.standard();
        if (factor == 1 || standard == null) {
            return Optional.empty();
        }
        long wanted = Math.round(standard * factor);
        return Optional.of((int) Math.min(steps.max(), Math.max(steps.min(), wanted)));
    }
}
