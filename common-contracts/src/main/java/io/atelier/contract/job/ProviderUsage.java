package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says it used for its answers, which is what it charges for. Members that the provider did not mention are null. Sums never
 * exceed {@value #MAX}.
 *
 * @param inputTokens tokens of prompts and source images
 * @param inputTokensDetails the parts of {@code inputTokens}
 * @param outputTokens tokens of the images
 * @param outputTokensDetails the parts of {@code outputTokens}
 * @param images images in the answers
 * @param seconds computing time
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProviderUsage(
        @Nullable Long inputTokens,
        @Nullable Tokens inputTokensDetails,
        @Nullable Long outputTokens,
        @Nullable Tokens outputTokensDetails,
        @Nullable Long images,
        @Nullable Double seconds) {

    /** The greatest number in a usage: every reader of JSON has it exactly. */
    public static final long MAX = (1L << 53) - 1;

    /** The usage of a provider that says nothing but returned so many images. */
    public static ProviderUsage ofImages(long count) {
        return new ProviderUsage(null, null, null, null, count, null);
    }

    /** The sum; null if both are. */
    public static @Nullable ProviderUsage sum(@Nullable ProviderUsage one, @Nullable ProviderUsage other) {
        return merge(one, other, ProviderUsage::plus);
    }

    private ProviderUsage plus(ProviderUsage other) {
        return new ProviderUsage(
                add(inputTokens, other.inputTokens),
                merge(inputTokensDetails, other.inputTokensDetails, Tokens::plus),
                add(outputTokens, other.outputTokens),
                merge(outputTokensDetails, other.outputTokensDetails, Tokens::plus),
                add(images, other.images),
                merge(seconds, other.seconds, (a, b) -> Math.min((double) MAX, a + b)));
    }

    private static @Nullable Long add(@Nullable Long one, @Nullable Long other) {
        // Both are far below the limits of a long, so that their sum is exact.
        return merge(one, other, (a, b) -> Math.min(MAX, Math.min(MAX, a) + Math.min(MAX, b)));
    }

    private static <T> @Nullable T merge(@Nullable T one, @Nullable T other, BinaryOperator<T> sum) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return sum.apply(one, other);
    }

    /**
     * The parts of a number of tokens, as far as the provider mentions them.
     *
     * @param textTokens tokens of text
     * @param imageTokens tokens of images
     * @param cachedTokens tokens that the provider had kept from an earlier call, which cost less; they are also in the other numbers
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Tokens(
            @Nullable Long textTokens,
            @Nullable Long imageTokens,
            @Nullable Long cachedTokens) {

        private Tokens plus(Tokens other) {
            return new Tokens(
                    add(textTokens, other.textTokens),
                    add(imageTokens, other.imageTokens),
                    add(cachedTokens, other.cachedTokens));
        }
    }
}
