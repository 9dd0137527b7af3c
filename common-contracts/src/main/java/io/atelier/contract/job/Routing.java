package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.ImageSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who works on a request: its model at the engine's server, fallbacks, models that have failed, and the device.
 *
 * @param engineModel name of the current model at the engine's server; null if it is the name in the catalogue
 * @param fallbacks models to ask if the current one fails, in this order
 * @param tried models that were asked before and failed, oldest first
 * @param device the device that has to generate the images; null for any
 */
public record Routing(
        @Nullable String engineModel,
        List<Fallback> fallbacks,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Fallback> tried,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable DeviceName device) {

    public Routing {
        fallbacks = List.copyOf(fallbacks);
        // JSON omits the member if the list is empty.
        tried = tried == null ? List.of() : List.copyOf(tried);
    }

    /** A routing in which no model has failed yet, to any device. */
    public Routing(@Nullable String engineModel, List<Fallback> fallbacks) {
        this(engineModel, fallbacks, List.of(), null);
    }

    /** The same routing to a device. */
    public Routing withDevice(@Nullable DeviceName required) {
        return new Routing(engineModel, fallbacks, tried, required);
    }

    /**
     * A model with the values that replace those of the request.
     *
     * @param model name of the model in the catalogue
     * @param engineModel name of the model at the engine's server; null if it is the name in the catalogue
     * @param engine name of the engine
     * @param pool pool of the workers that have the engine
     * @param steps denoising steps; null for the model's default
     * @param guidanceScale how closely to follow the prompt; null for the model's default
     * @param size size of each image; null for the size in the request
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
