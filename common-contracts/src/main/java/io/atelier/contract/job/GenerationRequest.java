package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
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
 * What a client asked for, checked and with its defaults filled in, so that every attempt at it does the same.
 *
 * @param prompt 1 to 32,000 characters
 * @param negativePrompt what not to draw
 * @param model the model as the catalogue names it; never {@code auto}
 * @param requestedModel the model as the client named it
 * @param engine the engine that the catalogue has for the model
 * @param pool the queue of the workers that have the engine
 * @param n how many pictures, 1 to 16
 * @param size of each picture
 * @param steps denoising steps; null for the model's own number
 * @param guidanceScale how closely to follow the prompt; null for the model's own
 * @param seed of picture 0; picture i has {@code seed + i}. Chosen at random by the gateway if the client gave none
 * @param grid how to cut each picture into tiles; null if it is not a grid
 * @param metadata which text chunks the PNG carries
 * @param labels the client's own words, echoed
 * @param clientRef the client's own name for the job, echoed
 * @param terms until when the job is wanted and kept, and where it comes from
 * @param enhance whether a language model may better the prompt; null for no
 * @param routing what else the engine is told of the model, and who is asked if it fails; null if there is nothing to say
 * @param sizeLeftOpen whether the client left the size to the model: an engine that knows better than {@code size} may choose; null for no
 * @param images the pictures to change, at most {@value #MOST_IMAGES}, in the order in which the prompt speaks of them; empty if new ones
 *     are to be drawn
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
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Source> images) {

    public static final int MOST_IMAGES = 16;

    public GenerationRequest {
        labels = Map.copyOf(labels);
        // Left out where there are none.
        images = images == null ? List.of() : List.copyOf(images);
        // Requests of the first version of Atelier have none.
        terms = Objects.requireNonNullElse(terms, Terms.NONE);
    }

    /** A request for new pictures of a certain size. */
    public GenerationRequest(
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
            @Nullable Enhance enhance,
            @Nullable Routing routing) {
        this(
                prompt,
                negativePrompt,
                model,
                requestedModel,
                engine,
                pool,
                n,
                size,
                steps,
                guidanceScale,
                seed,
                grid,
                metadata,
                labels,
                clientRef,
                terms,
                enhance,
                routing,
                null,
                List.of());
    }

    /** A request whose prompt is taken as it is, and that nobody else is asked to draw. */
    public GenerationRequest(
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
            Terms terms) {
        this(
                prompt,
                negativePrompt,
                model,
                requestedModel,
                engine,
                pool,
                n,
                size,
                steps,
                guidanceScale,
                seed,
                grid,
                metadata,
                labels,
                clientRef,
                terms,
                null,
                null);
    }

    /** What the engine's server calls the model. */
    public String engineModel() {
        return routing == null || routing.engineModel() == null ? model : routing.engineModel();
    }

    /** Who is asked, in this order, if the model's engine fails. */
    public List<Fallback> fallbacks() {
        return routing == null ? List.of() : routing.fallbacks();
    }

    /** Whether the client left the size to the model. */
    public boolean leavesSizeOpen() {
        return Boolean.TRUE.equals(sizeLeftOpen);
    }

    /** The same request with its size left to the model. */
    public GenerationRequest leavingSizeOpen() {
        var same = new RequestDraft(this);
        same.sizeLeftOpen = true;
        return same.request();
    }

    /** The same request for changed pictures instead of new ones. */
    public GenerationRequest changing(List<Source> others) {
        var same = new RequestDraft(this);
        same.images = others;
        return same.request();
    }

    /** The same request with another prompt. */
    public GenerationRequest saying(String other) {
        var same = new RequestDraft(this);
        same.prompt = other;
        return same.request();
    }

    /** Who was asked before, in this order, and failed; the first one is who was asked first. */
    public List<Fallback> tried() {
        return routing == null ? List.of() : routing.tried();
    }

    /** The same request for the first of its fallbacks, which is none any more. */
    public GenerationRequest fallenBack() {
        var asked = new ArrayList<>(tried());
        asked.add(asked());
        return new RequestDraft(this)
                .askedOf(fallbacks().get(0), fallbacks().subList(1, fallbacks().size()), asked);
    }

    /** The same request for who was asked first, with all of its fallbacks. */
    public GenerationRequest fromTheStart() {
        if (tried().isEmpty()) {
            return this;
        }
        var rest = new ArrayList<>(tried().subList(1, tried().size()));
        rest.add(asked());
        rest.addAll(fallbacks());
        return new RequestDraft(this).askedOf(tried().get(0), rest, List.of());
    }

    /** Who is asked now. */
    private Fallback asked() {
        var named = routing == null ? null : routing.engineModel();
        return new Fallback(model, named, engine, pool, steps, guidanceScale, size);
    }

    /** The same request on other terms. */
    public GenerationRequest with(Terms others) {
        var same = new RequestDraft(this);
        same.terms = others;
        return same.request();
    }

    /** What may still be known of the request after the job was erased: nothing that the client said in its own words. */
    public GenerationRequest redacted() {
        var same = new RequestDraft(this);
        same.prompt = "";
        same.negativePrompt = null;
        same.seed = 0;
        same.labels = Map.of();
        same.clientRef = null;
        same.images = List.of();
        return same.request();
    }

    /**
     * Until when a job is wanted and kept, and where it comes from.
     *
     * @param startBy when the job expires if no worker has begun it; null for never
     * @param completeBy when the job is ended if it is not done; null for never
     * @param retain how long its pictures and words are kept after its end; null for ever
     * @param parent the job that this one repeats; null if it repeats none
     * @param digest of the body as the client sent it, in lower-case hex, to tell a repeated request from another one under the same id;
     *     null if the id was not the client's choice
     */
    public record Terms(
            @Nullable Instant startBy,
            @Nullable Instant completeBy,
            @Nullable Duration retain,
            @Nullable JobId parent,
            @Nullable String digest) {

        /** No deadline, kept for ever, a job of its own. */
        public static final Terms NONE = new Terms(null, null, null, null, null);
    }

    /** Whether a language model betters the prompt first. What it says is used only if it can be; else the prompt stays as it is. */
    public enum Enhance {
        /** The prompt is taken as it is. */
        OFF,
        /** The prompt is bettered, and the job says so if that was not possible. */
        ON,
        /** The prompt is bettered where that is possible. */
        AUTO;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much a stored PNG says of its making. */
    public enum Metadata {
        /** Prompt, negative prompt, model, engine, seed, steps, guidance, job id. */
        FULL,
        /** Model, seed and job id. */
        MINIMAL,
        /** Nothing. */
        NONE;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
