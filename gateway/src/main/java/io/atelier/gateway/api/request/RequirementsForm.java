package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What the worker of a job must have. */
@Schema(name = "RequirementsRequest", description = "What the worker must have")
public record RequirementsForm(
        @Schema(
                description =
                        "The device that generates the images: cpu, gpu for any graphics card, or gpu.1 for the second"
                                + " card of a worker. GET /v1/workers lists them. A request with a device has only the"
                                + " fallbacks that it names",
                pattern = "^(cpu|gpu(\\.(0|[1-9][0-9]{0,2}))?)$",
                example = "cpu")
        @Nullable
        String device) {}
