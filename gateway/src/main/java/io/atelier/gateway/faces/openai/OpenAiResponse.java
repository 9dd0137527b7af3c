package io.atelier.gateway.faces.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.gateway.api.generations.ApiPaths;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a response of OpenAI's images API, without the images. What client libraries have a closed list for is left out if it is not on that list.
 *
 * @param created when the job was accepted, in seconds since 1970
 */
@Schema(name = "OpenAiImagesInfo")
@JsonInclude(JsonInclude.Include.NON_NULL)
record OpenAiResponse(
        long created,

        @Schema(allowableValues = {"transparent", "opaque"}) @Nullable
        String background,

        @Schema(allowableValues = {"png", "jpeg"}) String outputFormat,

        @Schema(allowableValues = {"low", "medium", "high", "xhigh", "max"}) @Nullable
        String quality,

        @Schema(description = "The size of the first image", example = "1024x1024")
        String size,

        @Schema(description = "The tokens that a provider charged for; left out if none reported any") @Nullable
        Usage usage,

        @Nullable String user,

        @Schema(description = "That of the request, or else its user") @Nullable
        String safetyIdentifier,

        @Schema(description = "What was ignored, and what the job warns of")
        List<Warning> warnings,

        @Schema(description = "The generation behind the images")
        GenerationLink job) {

    private static final Set<String> QUALITIES = Set.of("low", "medium", "high", "xhigh", "max");

    /** The response for a job with at least one image. */
    static OpenAiResponse of(Job job, OpenAiRequest request, ApiPaths paths) {
        var image = job.images().get(0);
        var labels = job.request().labels();
        @Nullable String user = labels.get(OpenAiRequestTranslator.USER_LABEL);
        return new OpenAiResponse(
                job.createdAt().getEpochSecond(),
                background(job),
                format(image),
                QUALITIES.contains(String.valueOf(request.quality())) ? request.quality() : null,
                size(image),
                Usage.of(job.providerUsage()),
                user,
                labels.getOrDefault(OpenAiRequestTranslator.SAFETY_LABEL, user),
                Stream.concat(request.warnings().stream(), job.warnings().stream())
                        .map(Warning::of)
                        .toList(),
                new GenerationLink(
                        job.id().value(), new GenerationLink.Urls(paths.job(job.id()), paths.events(job.id()))));
    }

    static String format(StoredImage image) {
        return image.mediaType().equals("image/jpeg") ? "jpeg" : "png";
    }

    static String size(StoredImage image) {
        return image.width() + "x" + image.height();
    }

    private static @Nullable String background(Job job) {
        var options = job.request().options();
        var background = options == null ? null : options.background();
        return "transparent".equals(background) || "opaque".equals(background) ? background : null;
    }

    /** A notice about what is not exactly as requested. */
    @Schema(name = "OpenAiWarning")
    record Warning(String code, String message) {

        static Warning of(Job.Warning warning) {
            return new Warning(warning.code(), warning.message());
        }
    }

    /** The generation behind the images. */
    @Schema(name = "OpenAiGenerationLink")
    record GenerationLink(
            @Schema(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0")
            String id,

            Urls urls) {

        /** Its paths. */
        @Schema(name = "OpenAiGenerationUrls")
        record Urls(String self, String events) {}
    }

    /** Tokens, in the form of OpenAI's API. */
    @Schema(name = "OpenAiUsage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Usage(
            long totalTokens,
            long inputTokens,
            long outputTokens,
            Details inputTokensDetails,
            @Nullable Details outputTokensDetails) {

        /** Null if a number is missing that the type requires. */
        static @Nullable Usage of(@Nullable ProviderUsage usage) {
            if (usage == null || usage.inputTokens() == null || usage.outputTokens() == null) {
                return null;
            }
            var details = usage.inputTokensDetails();
            var outputDetails = usage.outputTokensDetails();
            return new Usage(
                    usage.inputTokens() + usage.outputTokens(),
                    usage.inputTokens(),
                    usage.outputTokens(),
                    details == null ? new Details(usage.inputTokens(), 0) : Details.of(details),
                    outputDetails == null ? null : Details.of(outputDetails));
        }

        private static long orZero(@Nullable Long number) {
            return number == null ? 0 : number;
        }

        /** The kinds of tokens. */
        @Schema(name = "OpenAiTokenDetails")
        record Details(long textTokens, long imageTokens) {

            private static Details of(ProviderUsage.Tokens tokens) {
                return new Details(orZero(tokens.textTokens()), orZero(tokens.imageTokens()));
            }
        }
    }
}
