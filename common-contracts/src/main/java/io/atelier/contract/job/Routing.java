package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.ImageSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a request finds who draws it.
 *
 * @param engineModel what the engine's server calls the model; null if it calls it by the catalogue's name
 * @param fallbacks who is asked, in this order, if the engine fails
 * @param tried who was asked before, in this order, and failed
 */
public record Routing(
        @Nullable String engineModel,
        List<Fallback> fallbacks,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Fallback> tried) {

    public Routing {
        fallbacks = List.copyOf(fallbacks);
        // Left out where there are none.
        tried = tried == null ? List.of() : List.copyOf(tried);
    }

    public Routing(@Nullable String engineModel, List<Fallback> fallbacks) {
        this(engineModel, fallbacks, List.of());
    }

    /**
     * Another model that may draw the request, with what is different for it.
     *
     * @param engineModel as in {@link Routing}
     * @param steps denoising steps; null for the model's own number
     * @param guidanceScale how closely to follow the prompt; null for the model's own
     * @param size of each picture; null for the request's
     */
    public record Fallback(
            String model,
            @Nullable String engineModel,
            String engine,
            String pool,
            @Nullable Integer steps,
            @Nullable Double guidanceScale,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            ImageSize size) {}
}
