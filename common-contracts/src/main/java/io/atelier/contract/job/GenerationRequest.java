package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.job.Routing.Fallback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A validated request for images, with all defaults filled in, so that every attempt does the same. Create it with {@link #builder()}.
 *
 * <p>A request that only splits images ({@link #splitsOnly}) has no model: prompt, model and requested model are empty, its engine is
 * {@link #SPLITTER}, its pool {@link #SPLITTER_POOL}, and {@code images} are the grids.
 *
 * @param prompt 1 to 32,000 characters; empty after an erasure
 * @param negativePrompt what the images should not contain; null for nothing
 * @param model name of the current model in the catalogue; never {@code auto}
 * @param requestedModel name of the model in the client's request
 * @param engine engine of the model in the catalogue
 * @param pool pool of the workers that have the engine
 * @param n number of images, 1 to 16
 * @param size size of each image; 1 x 1 if that of an image to split is not known
 * @param steps denoising steps; null for the model's default
 * @param guidanceScale how closely to follow the prompt; null for the model's default
 * @param seed seed of image 0; image i has {@code seed + i}. The gateway chooses a random seed if the client gives none
 * @param grid how to cut each image into tiles; null if the images are no grids
 * @param metadata which text chunks the PNG files contain
 * @param labels labels of the client, returned unchanged
 * @param clientRef the client's own reference of the job, returned unchanged; null if it gave none
 * @param terms deadlines, retention and origin of the job
 * @param enhance whether a language model may rewrite the prompt; null for no
 * @param routing name of the model at its server, fallbacks, and the device; null for none of them
 * @param sizeLeftOpen whether the engine may replace {@code size} by a more suitable one, because the client gave none, or whether the
 *     size of an image to split is not known; null for no
 * @param images source images to edit, at most {@value #MAX_IMAGES}, in the order in which the prompt refers to them; empty for none
 * @param mask which part of the first source image to change: what is transparent in the mask, or white if nothing is; null for all of it
 * @param strength how much to change the source images, from 0 for nothing to 1; null for the model's default
 * @param options parameters that only some models have; null if none is set
 * @param warnings notices that were known when the request was accepted, such as that the model was replaced; empty for none
 * @param jpeg how images and tiles are delivered as JPEG; null to deliver them as PNG
 * @param webhook address that is notified when the job ends; null for none
 * @param avatar what the job makes for a persona; null for all other jobs
 */
public record GenerationRequest(
        String prompt,
        @Nullable String negativePrompt,
        String model,
        String requestedModel,
        String engine,
        String pool,
        int n,
        ImageSize size,
        @Nullable Integer steps,
        @Nullable Double guidanceScale,
        long seed,
        @Nullable GridSpec grid,
        Metadata metadata,
        Map<String, String> labels,
        @Nullable String clientRef,
        Terms terms,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Enhance enhance,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Routing routing,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean sizeLeftOpen,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Source> images,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Source mask,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double strength,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ImageOptions options,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Job.Warning> warnings,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JpegEncoding jpeg,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Webhook webhook,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable AvatarSpec avatar) {

    /** The largest number of source images. */
    public static final int MAX_IMAGES = 16;

    /** The engine of a request that only splits images: splitter workers. */
    public static final String SPLITTER = "splitter";

    /** The pool of a request that only splits images: all splitter workers. */
    public static final String SPLITTER_POOL = "splitters";

    public GenerationRequest {
        labels = Map.copyOf(labels);
        // JSON omits the member if the list is empty.
        images = images == null ? List.of() : List.copyOf(images);
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
        // Records of schema 1.0 have no terms.
        terms = Objects.requireNonNullElse(terms, Terms.NONE);
    }

    /** A builder without values; see {@link GenerationRequestBuilder} for defaults. */
    public static GenerationRequestBuilder builder() {
        return new GenerationRequestBuilder();
    }

    /** A builder with the values of this request. */
    public GenerationRequestBuilder toBuilder() {
        return new GenerationRequestBuilder(this);
    }

    /** Whether no image is generated: the only task of the job is to split images that exist. */
    public boolean splitsOnly() {
        return pool.equals(SPLITTER_POOL) && avatar == null;
    }

    /** The name of the model at the engine's server. */
    public String engineModel() {
        return routing == null || routing.engineModel() == null ? model : routing.engineModel();
    }

    /** The models to ask if the current one fails, in this order. */
    public List<Fallback> fallbacks() {
        return routing == null ? List.of() : routing.fallbacks();
    }

    /** The models that were asked before and failed, oldest first. */
    public List<Fallback> tried() {
        return routing == null ? List.of() : routing.tried();
    }

    /** The device that has to generate the images; null for any. */
    public @Nullable DeviceName device() {
        return routing == null ? null : routing.device();
    }

    /** Whether the engine may choose the size. */
    public boolean leavesSizeOpen() {
        return Boolean.TRUE.equals(sizeLeftOpen);
    }

    /** The parameters that only some models have; all of them null if none is set. */
    public ImageOptions optionsOrDefaults() {
        return options == null ? ImageOptions.NONE : options;
    }

    /** The same request; the engine may choose the size. */
    public GenerationRequest withSizeLeftOpen() {
        return toBuilder().sizeLeftOpen(true).build();
    }

    /** The same request with other source images. */
    public GenerationRequest withImages(List<Source> sources) {
        return toBuilder().images(sources).build();
    }

    /** The same request with another prompt. */
    public GenerationRequest withPrompt(String otherPrompt) {
        return toBuilder().prompt(otherPrompt).build();
    }

    /** The same request for another model, without fallbacks. */
    public GenerationRequest withModel(Fallback other) {
        return toBuilder().model(other, List.of(), List.of()).build();
    }

    /** The same request with another avatar. */
    public GenerationRequest withAvatar(AvatarSpec other) {
        return toBuilder().avatar(other).build();
    }

    /** The same request with other terms. */
    public GenerationRequest withTerms(Terms otherTerms) {
        return toBuilder().terms(otherTerms).build();
    }

    /**
     * The same request for the first of its fallbacks. The current model moves to {@link #tried()}.
     *
     * @throws IndexOutOfBoundsException if the request has no fallback
     */
    public GenerationRequest withNextFallback() {
        var failed = new ArrayList<>(tried());
        failed.add(currentModel());
        var rest = fallbacks().subList(1, fallbacks().size());
        return toBuilder().model(fallbacks().get(0), rest, failed).build();
    }

    /** The same request for the model that was asked first, with all fallbacks; this request if no model has failed. */
    public GenerationRequest withFirstModel() {
        if (tried().isEmpty()) {
            return this;
        }
        var rest = new ArrayList<>(tried().subList(1, tried().size()));
        rest.add(currentModel());
        rest.addAll(fallbacks());
        return toBuilder().model(tried().get(0), rest, List.of()).build();
    }

    private Fallback currentModel() {
        var engineModel = routing == null ? null : routing.engineModel();
        return new Fallback(model, engineModel, engine, pool, steps, guidanceScale, size);
    }

    /** The request without the client's texts, addresses, seed and source images, as it is kept after an erasure. */
    public GenerationRequest redacted() {
        return toBuilder()
                .prompt("")
                .negativePrompt(null)
                .seed(0)
                .labels(Map.of())
                .clientRef(null)
                .images(List.of())
                .mask(null)
                .webhook(webhook == null ? null : webhook.redacted())
                .avatar(avatar == null ? null : avatar.redacted())
                // Of the texts.
                .terms(new Terms(terms.startBy(), terms.completeBy(), terms.retain(), terms.parent(), null))
                .build();
    }

    /**
     * Deadlines, retention and origin of a job.
     *
     * @param startBy time at which the job expires if no worker has started it; null for never
     * @param completeBy time at which the job expires or is canceled if it has not ended; null for never
     * @param retain how long images and texts are kept after the end of the job; null for ever
     * @param parent job that this one retries, or whose grids it splits again; null if there is none
     * @param digest of the client's request body in lower-case hex, to recognise a repeated request; null if nothing was sent in a body, as for a retry
     */
    public record Terms(
            @Nullable Instant startBy,
            @Nullable Instant completeBy,
            @Nullable Duration retain,
            @Nullable JobId parent,
            @Nullable String digest) {

        /** No deadlines, no limit of retention, no parent. */
        public static final Terms NONE = new Terms(null, null, null, null, null);
    }

    /** Whether a language model rewrites the prompt first. If the rewrite fails, the prompt is used unchanged. */
    public enum Enhance {
        /** Do not rewrite the prompt. */
        OFF,
        /** Rewrite the prompt; the job reports if that was not possible. */
        ON,
        /** Rewrite the prompt if that is possible. */
        AUTO;

        /** The JSON value: the name in lower case. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The amount of text chunks in a stored PNG, beside the mark of generated images, which does not depend on it. */
    public enum Metadata {
        /** Prompt, negative prompt, model, engine, seed, steps, guidance scale and job id; also as one text that other programs read. */
        FULL,
        /** Model, seed and job id. */
        MINIMAL,
        /** No text chunks. */
        NONE;

        /** The JSON value: the name in lower case. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
