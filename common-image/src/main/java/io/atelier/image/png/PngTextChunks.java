package io.atelier.image.png;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobId;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The text chunks of a PNG, limited to the amount of metadata that the client requested.
 *
 * @param entries texts by keyword, in the order in which they are written; a keyword has 1 to 79 printable ASCII characters
 */
public record PngTextChunks(Map<String, String> entries) {

    /** No texts. */
    public static final PngTextChunks NONE = new PngTextChunks(Map.of());

    /** The keyword of the text that is an XMP packet (XMP specification, part 3, §1.1.5). */
    public static final String XMP_KEYWORD = XmpPacket.KEYWORD;

    static final String SOFTWARE = "Atelier";

    public PngTextChunks {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /**
     * The text chunks of one image of a job.
     *
     * @param seed seed of this image; null if the engine uses none
     * @param size of this image
     * @param engineMetadata additional entries of the engine; included only with {@link GenerationRequest.Metadata#FULL}
     */
    public static PngTextChunks of(
            JobId job,
            GenerationRequest request,
            @Nullable Long seed,
            PngHeader size,
            Map<String, String> engineMetadata) {
        var text = new LinkedHashMap<String, String>();
        switch (request.metadata()) {
            case FULL -> {
                text.putAll(engineMetadata);
                putMinimal(text, job, request, seed);
                putFull(text, request);
                text.put(GenerationParameters.KEYWORD, GenerationParameters.text(request, seed, size, engineMetadata));
            }
            case MINIMAL -> putMinimal(text, job, request, seed);
            case NONE -> {}
        }
        return new PngTextChunks(text);
    }

    /**
     * The least that identifies an image: the software, the job, the model and the seed.
     *
     * @param job id of the job that generated the image
     * @param model null if it is unknown
     * @param seed null if there is none
     */
    public static PngTextChunks minimal(String job, @Nullable String model, @Nullable String seed) {
        var text = new LinkedHashMap<String, String>();
        text.put("Software", SOFTWARE);
        text.put("job", job);
        putIfKnown(text, "model", model);
        putIfKnown(text, "seed", seed);
        return new PngTextChunks(text);
    }

    /** The same texts, and an XMP packet with the digital source type of the image before them. */
    public PngTextChunks marked(DigitalSourceType source) {
        var marked = new LinkedHashMap<String, String>();
        marked.put(XmpPacket.KEYWORD, XmpPacket.write(source, entries));
        entries.forEach(marked::putIfAbsent);
        return new PngTextChunks(marked);
    }

    /**
     * The XMP packet, for files of other formats; empty if the image is not marked.
     *
     * @param maxBytes that fit in UTF-8; a longer packet is replaced by one that has nothing but the digital source type
     */
    public Optional<String> xmp(int maxBytes) {
        return Optional.ofNullable(entries.get(XmpPacket.KEYWORD))
                .flatMap(packet -> packet.getBytes(StandardCharsets.UTF_8).length <= maxBytes
                        ? Optional.of(packet)
                        : XmpPacket.sourceType(packet).map(source -> XmpPacket.write(source, Map.of())));
    }

    /** Whether a text may have this keyword: 1 to 79 printable ASCII characters without blanks at the ends. */
    static boolean isKeyword(String keyword) {
        return !keyword.isEmpty()
                && keyword.length() <= 79
                && keyword.strip().equals(keyword)
                && keyword.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    private static void putMinimal(
            Map<String, String> text, JobId job, GenerationRequest request, @Nullable Long seed) {
        text.putAll(minimal(job.value(), request.model(), seed == null ? null : seed.toString())
                .entries());
    }

    private static void putIfKnown(Map<String, String> text, String keyword, @Nullable String value) {
        if (value != null) {
            text.put(keyword, value);
        }
    }

    private static void putFull(Map<String, String> text, GenerationRequest request) {
        text.put("prompt", request.prompt());
        if (request.negativePrompt() != null) {
            text.put("negative_prompt", request.negativePrompt());
        }
        text.put("engine", request.engine());
        if (request.steps() != null) {
            text.put("steps", request.steps().toString());
        }
        if (request.guidanceScale() != null) {
            text.put("guidance_scale", request.guidanceScale().toString());
        }
    }
}
