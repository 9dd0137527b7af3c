package io.atelier.gateway.api.request;

import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.job.GenerationRequest.Metadata;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that a request wants its images to be written to.
 *
 * @param jpeg how images are delivered as JPEG; null for PNG
 */
record OutputFields(Metadata metadata, @Nullable JpegEncoding jpeg) {

    static final String PNG = "png";
    static final String JPEG = "jpeg";

    private static final OutputFields STANDARD = new OutputFields(Metadata.MINIMAL, null);

    /** Reads the field {@code output}; adds an error for each value that is not allowed. */
    static OutputFields read(JsonFields fields) {
        return fields.object("output").map(OutputFields::of).orElse(STANDARD);
    }

    private static OutputFields of(JsonFields output) {
        output.allowOnly(OutputForm.class, Set.of("provenance"));
        var format = output.text("format", 1, 16).orElse(PNG);
        boolean isJpeg = format.equals(JPEG);
        if (!isJpeg && !format.equals(PNG)) {
            output.error("format", "Must be 'png' or 'jpeg'; images are not written as '%s'.".formatted(format));
        }
        var quality = output.integer("compression", 0, RequestLimits.MAX_COMPRESSION);
        if (output.has("compression") && format.equals(PNG)) {
            output.error("compression", "Is for the format 'jpeg': a PNG has all pixels as they are. Leave it out.");
        }
        return new OutputFields(metadata(output), isJpeg ? jpeg(quality) : null);
    }

    private static JpegEncoding jpeg(Optional<Long> quality) {
        return new JpegEncoding(quality.map(Long::intValue).orElse(RequestLimits.DEFAULT_COMPRESSION));
    }

    private static Metadata metadata(JsonFields output) {
        var word = output.text("metadata", 1, 16).orElse(Metadata.MINIMAL.word());
        return Arrays.stream(Metadata.values())
                .filter(metadata -> metadata.word().equals(word))
                .findFirst()
                .orElseGet(() -> {
                    output.error("metadata", "Must be 'full', 'minimal' or 'none'.");
                    return Metadata.MINIMAL;
                });
    }
}
