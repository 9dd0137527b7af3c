package io.atelier.contract.job;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Routing.Fallback;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link GenerationRequest}. Required: prompt, model, requested model, engine, pool and size. Defaults: one image, seed 0, metadata
 * {@link Metadata#MINIMAL}, {@link Terms#NONE}, no labels, no source images, no warnings; every other member is null. Not thread-safe.
 */
public final class GenerationRequestBuilder {

    private @Nullable String prompt;
    private @Nullable String negativePrompt;
    private @Nullable String model;
    private @Nullable String requestedModel;
    private @Nullable String engine;
    private @Nullable String pool;
    private int n = 1;
    private @Nullable ImageSize size;
    private @Nullable Integer steps;
    private @Nullable Double guidanceScale;
    private long seed;
    private @Nullable GridSpec grid;
    private Metadata metadata = Metadata.MINIMAL;
    private Map<String, String> labels = Map.of();
    private @Nullable String clientRef;
    private Terms terms = Terms.NONE;
    private @Nullable Enhance enhance;
    private @Nullable Routing routing;
    private @Nullable Boolean sizeLeftOpen;
    private List<Source> images = List.of();
    private @Nullable Source mask;
    private @Nullable Double strength;
    private @Nullable ImageOptions options;
    private List<Job.Warning> warnings = List.of();
    private @Nullable JpegEncoding jpeg;
    private @Nullable Webhook webhook;
    private @Nullable AvatarSpec avatar;

    GenerationRequestBuilder() {}

    GenerationRequestBuilder(GenerationRequest from) {
        prompt = from.prompt();
        negativePrompt = from.negativePrompt();
        model = from.model();
        requestedModel = from.requestedModel();
        engine = from.engine();
        pool = from.pool();
        n = from.n();
        size = from.size();
        steps = from.steps();
        guidanceScale = from.guidanceScale();
        seed = from.seed();
        grid = from.grid();
        metadata = from.metadata();
        labels = from.labels();
        clientRef = from.clientRef();
        terms = from.terms();
        enhance = from.enhance();
        routing = from.routing();
        sizeLeftOpen = from.sizeLeftOpen();
        images = from.images();
        mask = from.mask();
        strength = from.strength();
        options = from.options();
        warnings = from.warnings();
        jpeg = from.jpeg();
        webhook = from.webhook();
        avatar = from.avatar();
    }

    public GenerationRequestBuilder prompt(String value) {
        prompt = value;
        return this;
    }

    public GenerationRequestBuilder negativePrompt(@Nullable String value) {
        negativePrompt = value;
        return this;
    }

    /** The name of the model in the catalogue. */
    public GenerationRequestBuilder model(String value) {
        model = value;
        return this;
    }

    /** The name of the model in the client's request. */
    public GenerationRequestBuilder requestedModel(String value) {
        requestedModel = value;
        return this;
    }

    public GenerationRequestBuilder engine(String value) {
        engine = value;
        return this;
    }

    public GenerationRequestBuilder pool(String value) {
        pool = value;
        return this;
    }

    /** The number of images. */
    public GenerationRequestBuilder n(int value) {
        n = value;
        return this;
    }

    public GenerationRequestBuilder size(ImageSize value) {
        size = value;
        return this;
    }

    public GenerationRequestBuilder steps(@Nullable Integer value) {
        steps = value;
        return this;
    }

    public GenerationRequestBuilder guidanceScale(@Nullable Double value) {
        guidanceScale = value;
        return this;
    }

    public GenerationRequestBuilder seed(long value) {
        seed = value;
        return this;
    }

    public GenerationRequestBuilder grid(@Nullable GridSpec value) {
        grid = value;
        return this;
    }

    public GenerationRequestBuilder metadata(Metadata value) {
        metadata = value;
        return this;
    }

    public GenerationRequestBuilder labels(Map<String, String> value) {
        labels = value;
        return this;
    }

    public GenerationRequestBuilder clientRef(@Nullable String value) {
        clientRef = value;
        return this;
    }

    public GenerationRequestBuilder terms(Terms value) {
        terms = value;
        return this;
    }

    public GenerationRequestBuilder enhance(@Nullable Enhance value) {
        enhance = value;
        return this;
    }

    public GenerationRequestBuilder routing(@Nullable Routing value) {
        routing = value;
        return this;
    }

    /** Whether the engine may choose the size. JSON omits the member if it may not. */
    public GenerationRequestBuilder sizeLeftOpen(boolean value) {
        sizeLeftOpen = value ? true : null;
        return this;
    }

    /** The source images. */
    public GenerationRequestBuilder images(List<Source> value) {
        images = value;
        return this;
    }

    /** The part of the first source image that changes. */
    public GenerationRequestBuilder mask(@Nullable Source value) {
        mask = value;
        return this;
    }

    /** How much to change the source images, from 0 to 1. */
    public GenerationRequestBuilder strength(@Nullable Double value) {
        strength = value;
        return this;
    }

    /** The parameters that only some models have. JSON omits the member if none is set. */
    public GenerationRequestBuilder options(ImageOptions value) {
        options = value.areDefaults() ? null : value;
        return this;
    }

    /** The notices that are known before the job starts. */
    public GenerationRequestBuilder warnings(List<Job.Warning> value) {
        warnings = value;
        return this;
    }

    /** How images and tiles are delivered as JPEG; null to deliver them as PNG. */
    public GenerationRequestBuilder jpeg(@Nullable JpegEncoding value) {
        jpeg = value;
        return this;
    }

    /** The address that is notified when the job ends; null for none. */
    public GenerationRequestBuilder webhook(@Nullable Webhook value) {
        webhook = value;
        return this;
    }

    /** What the job makes for a persona; null for all other jobs. */
    public GenerationRequestBuilder avatar(@Nullable AvatarSpec value) {
        avatar = value;
        return this;
    }

    /** Replaces the current model, its parameters and the routing except the device. A null size of the model keeps the size of the request. */
    GenerationRequestBuilder model(Fallback current, List<Fallback> fallbacks, List<Fallback> tried) {
        model = current.model();
        engine = current.engine();
        pool = current.pool();
        size = current.size() == null ? size : current.size();
        steps = current.steps();
        guidanceScale = current.guidanceScale();
        routing = new Routing(current.engineModel(), fallbacks, tried, routing == null ? null : routing.device());
        return this;
    }

    /**
     * The request.
     *
     * @throws NullPointerException if a required member is missing; the message names it
     */
    public GenerationRequest build() {
        return new GenerationRequest(
                Objects.requireNonNull(prompt, "prompt"),
                negativePrompt,
                Objects.requireNonNull(model, "model"),
                Objects.requireNonNull(requestedModel, "requestedModel"),
                Objects.requireNonNull(engine, "engine"),
                Objects.requireNonNull(pool, "pool"),
                n,
                Objects.requireNonNull(size, "size"),
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
                sizeLeftOpen,
                images,
                mask,
                strength,
                options,
                warnings,
                jpeg,
                webhook,
                avatar);
    }
}
