package io.atelier.gateway.api.generations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Source;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was asked for, with the defaults filled in. */
@Schema(name = "RequestEcho")
record RequestEcho(
        String prompt,
        @Nullable String negativePrompt,
        int n,
        @Schema(example = "512x512") String size,
        int width,
        int height,
        @Nullable Integer steps,
        @Nullable Double guidanceScale,
        long seed,
        @Nullable Cut grid,

        @Schema(allowableValues = {"full", "minimal", "none"})
        String metadata,

        @Schema(description = "Whether the prompt was to be bettered: true or 'auto'; left out if not")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Object enhance,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Chain routing,

        @Schema(description = "The pictures that were to be changed; left out if there were none")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Image> images) {

    static RequestEcho of(GenerationRequest asked) {
        return new RequestEcho(
                asked.prompt(),
                asked.negativePrompt(),
                asked.n(),
                asked.size().toString(),
                asked.size().width(),
                asked.size().height(),
                asked.steps(),
                asked.guidanceScale(),
                asked.seed(),
                asked.grid() == null ? null : Cut.of(asked.grid()),
                asked.metadata().word(),
                asked.enhance() == null ? null : said(asked.enhance()),
                Chain.of(asked.fromTheStart()),
                asked.images().stream().map(Image::of).toList());
    }

    private static @Nullable Object said(Enhance enhance) {
        return switch (enhance) {
            case OFF -> null;
            case ON -> true;
            case AUTO -> enhance.word();
        };
    }

    /** A picture that was to be changed. */
    @Schema(name = "SourceImageEcho", description = "A picture of a generation, or one elsewhere")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Image(@Nullable Made generation, @Nullable String imageUrl) {

        static Image of(Source source) {
            var made = source.generation();
            return new Image(made == null ? null : new Made(made.id().value(), made.index()), source.imageUrl());
        }
    }

    /** A picture of another job. */
    @Schema(name = "GenerationImageEcho")
    record Made(
            @Schema(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0")
            String id,

            int index) {}

    /** Who was to draw if the model's engine failed. */
    @Schema(name = "RoutingEcho")
    record Chain(
            @Schema(description = "Models, in the order in which they are asked")
            List<String> fallbacks) {

        static @Nullable Chain of(GenerationRequest asked) {
            var models = asked.fallbacks().stream().map(Routing.Fallback::model).toList();
            return models.isEmpty() ? null : new Chain(models);
        }
    }

    /** How the pictures were to be cut. */
    @Schema(name = "GridEcho")
    record Cut(
            @Schema(example = "2x2") String layout,
            @Nullable Trimming trim,
            int minTilePx) {

        static Cut of(GridSpec spec) {
            var trim = spec.trim() ? new Trimming(spec.insetPixels(), spec.tolerance()) : null;
            return new Cut(spec.rows() + "x" + spec.cols(), trim, spec.minTilePixels());
        }
    }

    /** How the borders of tiles were to go. */
    @Schema(name = "TrimEcho")
    record Trimming(int insetPx, int tolerance) {}
}
