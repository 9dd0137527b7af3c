package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The files that the images are written to. */
@Schema(name = "OutputRequest", description = "The files that the images are written to")
public record OutputForm(
        @Schema(
                allowableValues = {OutputFields.PNG, OutputFields.JPEG},
                defaultValue = OutputFields.PNG,
                description =
                        "The format in which images and tiles are delivered. The PNG of each is kept, too, and grids are always"
                                + " PNG. In a JPEG, transparent pixels are laid on white")
        @Nullable
        String format,

        @Schema(
                minimum = "0",
                maximum = "" + RequestLimits.MAX_COMPRESSION,
                defaultValue = "" + RequestLimits.DEFAULT_COMPRESSION,
                description =
                        "The quality of JPEGs, from 0 for the smallest files to 100 for the best images, as output_compression"
                                + " of OpenAI; not for PNG")
        @Nullable
        Integer compression,

        @Schema(
                allowableValues = {"full", "minimal", "none"},
                defaultValue = "minimal",
                description = "The metadata in the files: full is the whole request; minimal is model, seed and job id")
        @Nullable
        String metadata,

        @Schema(
                allowableValues = {"auto", "opaque", "transparent"},
                description =
                        "What is behind the subject; auto is what suits the prompt. Only for models that list it in"
                                + " limits.background; a transparent one needs the format png")
        @Nullable
        String background) {}
