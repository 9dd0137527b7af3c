package io.atelier.generator.engine.openai.wire;

import io.atelier.contract.job.ProviderUsage;
import io.atelier.contract.job.ProviderUsage.Tokens;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what a server says it used: the member {@code usage} of an answer, or of the events of a stream. A number that cannot be right, because it is
 * negative, has a fraction, is no number or is above {@link ProviderUsage#MAX}, counts as not mentioned.
 */
final class OpenAiUsage {

    private OpenAiUsage() {}

    /**
     * The usage of one call; empty if its answer mentions none and has no image.
     *
     * @param bodies the body of the answer, or its events
     * @param images the number of images in the answer
     */
    static Optional<ProviderUsage> of(List<JsonNode> bodies, int images) {
        @Nullable ProviderUsage total = images == 0 ? null : ProviderUsage.ofImages(images);
        for (var body : bodies) {
            total = ProviderUsage.sum(total, usage(body.path("usage")));
        }
        return Optional.ofNullable(total);
    }

    private static @Nullable ProviderUsage usage(JsonNode usage) {
        var read = new ProviderUsage(
                whole(usage, "input_tokens"),
                tokens(usage.path("input_tokens_details")),
                whole(usage, "output_tokens"),
                tokens(usage.path("output_tokens_details")),
                null,
                seconds(usage));
        return read.equals(new ProviderUsage(null, null, null, null, null, null)) ? null : read;
    }

    private static @Nullable Tokens tokens(JsonNode details) {
        var read = new Tokens(
                whole(details, "text_tokens"), whole(details, "image_tokens"), whole(details, "cached_tokens"));
        return read.equals(new Tokens(null, null, null)) ? null : read;
    }

    private static @Nullable Long whole(JsonNode object, String name) {
        var number = object.path(name);
        return number.isIntegralNumber()
                        && number.canConvertToLong()
                        && number.longValue() >= 0
                        && number.longValue() <= ProviderUsage.MAX
                ? Long.valueOf(number.longValue())
                : null;
    }

    /** The time that servers count that charge for time. */
    private static @Nullable Double seconds(JsonNode usage) {
        var number = usage.path("seconds");
        double seconds = number.isNumber() ? number.doubleValue() : -1;
        return seconds >= 0 && seconds <= ProviderUsage.MAX ? Double.valueOf(seconds) : null;
    }
}
