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

    private static final int MAX_SHOWN = 16;

    /** A PNG with the texts of {@code minimal}. */
    static final OutputFields STANDARD = new OutputFields(Metadata.MINIMAL, null);

    /** Reads the field {@code output}; adds an error for each value that is not allowed. */
    static OutputFields read(JsonFields fields) {
        return fields.object("output")
                .map(output -> of(output, OutputForm.class, metadata(output), STANDARD))
                .orElse(STANDARD);
    }

    /**
     * Reads the field {@code output} of a request that only splits: its tiles have the texts of their grid, so it cannot ask for others.
     *
     * @param standard what is left out
     */
    static OutputFields readSplit(JsonFields fields, OutputFields standard) {
        return fields.object("output")
                .map(output -> of(output, SplitOutputForm.class, standard.metadata(), standard))
                .orElse(standard);
    }

    private static OutputFields of(
            JsonFields output, Class<? extends Record> form, Metadata metadata, OutputFields standard) {
        output.allowOnly(form, Set.of("provenance"));
        var format = output.word("format").orElse(standard.jpeg() == null ? PNG : JPEG);
        boolean isJpeg = format.equals(JPEG);
        if (!isJpeg && !format.equals(PNG)) {
            var not = format.length() > MAX_SHOWN || format.isEmpty()
                    ? "."
                    : "; images are not written as '%s'.".formatted(format);
            output.error("format", "Must be 'png' or 'jpeg'" + not);
        }
        var quality = output.integer("compression", 0, RequestLimits.MAX_COMPRESSION);
        if (output.has("compression") && format.equals(PNG)) {
            output.error("compression", "Is for the format 'jpeg': a PNG has all pixels as they are. Leave it out.");
        }
        return new OutputFields(metadata, isJpeg ? jpeg(quality, standard.jpeg()) : null);
    }

    private static JpegEncoding jpeg(Optional<Long> quality, @Nullable JpegEncoding standard) {
        int left = standard == null ? RequestLimits.DEFAULT_COMPRESSION : standard.quality();
        return new JpegEncoding(quality.map(Long::intValue).orElse(left));
    }

    private static Metadata metadata(JsonFields output) {
        var word = output.word("metadata").orElse(STANDARD.metadata().word());
        return Arrays.stream(Metadata.values())
                .filter(metadata -> metadata.word().equals(word))
                .findFirst()
                .orElseGet(() -> {
                    output.error("metadata", "Must be 'full', 'minimal' or 'none'.");
                    return Metadata.MINIMAL;
                });
    }
}
