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

        @Schema(allowableValues = {"low", "medium", "high"}) @Nullable
        String quality,

        @Schema(allowableValues = {"1024x1024", "1024x1536", "1536x1024"}) @Nullable
        String size,

        @Schema(description = "The tokens that a provider charged for; left out if none reported any") @Nullable
        Usage usage,

        @Nullable String user,
        @Nullable String safetyIdentifier,

        @Schema(description = "What was ignored, and what the job warns of")
        List<Warning> warnings,

        @Schema(description = "The generation behind the images")
        GenerationLink job) {

    private static final Set<String> SIZES = Set.of("1024x1024", "1024x1536", "1536x1024");
    private static final Set<String> QUALITIES = Set.of("low", "medium", "high");

    /** The response for a job with at least one image. */
    static OpenAiResponse of(Job job, OpenAiRequest request, ApiPaths paths) {
        var image = job.images().get(0);
        var labels = job.request().labels();
        return new OpenAiResponse(
                job.createdAt().getEpochSecond(),
                background(job),
                format(image),
                QUALITIES.contains(String.valueOf(request.quality())) ? request.quality() : null,
                SIZES.contains(size(image)) ? size(image) : null,
                Usage.of(job.providerUsage()),
                labels.get(OpenAiRequestTranslator.ECHOED.get("user")),
                labels.get(OpenAiRequestTranslator.ECHOED.get("safety_identifier")),
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
    record Usage(long totalTokens, long inputTokens, long outputTokens, Details inputTokensDetails) {

        /** What a stream says where its type requires numbers and no provider reported any. */
        static final Usage NONE = new Usage(0, 0, 0, new Details(0, 0));

        /** Null if a number is missing that the type requires. */
        static @Nullable Usage of(@Nullable ProviderUsage usage) {
            if (usage == null || usage.inputTokens() == null || usage.outputTokens() == null) {
                return null;
            }
            var details = usage.inputTokensDetails();
            return new Usage(
                    usage.inputTokens() + usage.outputTokens(),
                    usage.inputTokens(),
                    usage.outputTokens(),
                    details == null
                            ? new Details(usage.inputTokens(), 0)
                            : new Details(orZero(details.textTokens()), orZero(details.imageTokens())));
        }

        private static long orZero(@Nullable Long number) {
            return number == null ? 0 : number;
        }

        /** The kinds of the tokens of the request. */
        @Schema(name = "OpenAiTokenDetails")
        record Details(long textTokens, long imageTokens) {}
    }
}
