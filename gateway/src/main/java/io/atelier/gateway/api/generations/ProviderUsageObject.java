package io.atelier.gateway.api.generations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.ProviderUsage;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The JSON of what providers say they used. */
@Schema(
        name = "ProviderUsage",
        description =
                "What providers say they used for their answers, failed ones included; what they do not mention is left out")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProviderUsageObject(
        @Schema(description = "Tokens of prompts and source images") @Nullable
        Long inputTokens,

        @Nullable Tokens inputTokensDetails,

        @Schema(description = "Tokens of the images") @Nullable
        Long outputTokens,

        @Nullable Tokens outputTokensDetails,

        @Schema(description = "Images in the answers") @Nullable
        Long images,

        @Schema(description = "Computing time") @Nullable Double seconds) {

    /** Null for null. */
    static @Nullable ProviderUsageObject of(@Nullable ProviderUsage usage) {
        return usage == null
                ? null
                : new ProviderUsageObject(
                        usage.inputTokens(),
                        Tokens.of(usage.inputTokensDetails()),
                        usage.outputTokens(),
                        Tokens.of(usage.outputTokensDetails()),
                        usage.images(),
                        usage.seconds());
    }

    /** The JSON of the parts of a number of tokens. */
    @Schema(name = "TokenDetails")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Tokens(
            @Nullable Long textTokens,
            @Nullable Long imageTokens,

            @Schema(description = "Tokens kept from an earlier call; they are also in the other numbers") @Nullable
            Long cachedTokens) {

        private static @Nullable Tokens of(ProviderUsage.@Nullable Tokens tokens) {
            return tokens == null ? null : new Tokens(tokens.textTokens(), tokens.imageTokens(), tokens.cachedTokens());
        }
    }
}
