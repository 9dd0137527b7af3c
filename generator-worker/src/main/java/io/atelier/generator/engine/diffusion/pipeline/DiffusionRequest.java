package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.SizeConditioning;
import io.atelier.generator.engine.diffusion.pipeline.latents.NoiseStreams;
import io.atelier.generator.engine.diffusion.pipeline.model.SamplingDefaults;
import io.atelier.generator.engine.diffusion.pipeline.text.EncodingOptions;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a run is to make. Parameters that are left open have the defaults of the model. Immutable. */
public final class DiffusionRequest {

    private final Builder given;

    private DiffusionRequest(Builder given) {
        this.given = new Builder(given);
    }

    /**
     * Starts a request for one image.
     *
     * @param prompt may be empty
     * @param seed as in {@code torch.manual_seed}
     */
    public static Builder of(String prompt, long seed) {
        return of(List.of(prompt), List.of(seed));
    }

    /**
     * Starts a request for several images.
     *
     * @param prompts one for all images, or one for each
     * @param seeds one for each image
     */
    public static Builder of(List<String> prompts, List<Long> seeds) {
        return new Builder(prompts, seeds);
    }

    List<String> prompts() {
        return given.prompts;
    }

    /** One for all images, or one for each; empty if there is none, which is not the same as an empty text. */
    Optional<List<String>> negativePrompts() {
        return Optional.ofNullable(given.negativePrompts);
    }

    int images() {
        return given.sharedStream ? given.images : given.seeds.size();
    }

    /** The random numbers, from their start. */
    NoiseStreams noise() {
        return given.sharedStream ? NoiseStreams.shared(given.seeds.get(0)) : NoiseStreams.perImage(given.seeds);
    }

    ImageSize size(SamplingDefaults defaults) {
        return given.size == null ? new ImageSize(defaults.width(), defaults.height()) : given.size;
    }

    int steps(SamplingDefaults defaults) {
        return given.steps == null ? defaults.steps() : given.steps;
    }

    double guidance(SamplingDefaults defaults) {
        return given.guidance == null ? defaults.guidance() : given.guidance;
    }

    EncodingOptions encoding(SamplingDefaults defaults) {
        int tokens = given.maxSequenceLength == null ? defaults.maxSequenceLength() : given.maxSequenceLength;
        return new EncodingOptions(given.clipSkip, tokens);
    }

    /** The scheduler in place of the model's. */
    Optional<SchedulerConfig> scheduler() {
        return Optional.ofNullable(given.scheduler);
    }

    SizeConditioning sizeConditioning(SamplingDefaults defaults) {
        return given.sizeConditioning == null ? SizeConditioning.of(size(defaults)) : given.sizeConditioning;
    }

    Optional<InitialImage> initialImage() {
        return Optional.ofNullable(given.initialImage);
    }

    /** Whether warnings may quote the prompts. */
    boolean mayQuote() {
        return given.mayQuote;
    }

    /** Collects the parameters of a request. For one thread. */
    public static final class Builder {

        private final List<String> prompts;
        private final List<Long> seeds;
        private @Nullable List<String> negativePrompts;
        private boolean sharedStream;
        private int images;
        private @Nullable ImageSize size;
        private @Nullable Integer steps;
        private @Nullable Double guidance;
        private @Nullable SchedulerConfig scheduler;
        private @Nullable Integer maxSequenceLength;
        private int clipSkip;
        private @Nullable SizeConditioning sizeConditioning;
        private @Nullable InitialImage initialImage;
        private boolean mayQuote = true;

        private Builder(List<String> prompts, List<Long> seeds) {
            this.prompts = List.copyOf(prompts);
            this.seeds = List.copyOf(seeds);
        }

        private Builder(Builder other) {
            this(other.prompts, other.seeds);
            this.negativePrompts = other.negativePrompts;
            this.sharedStream = other.sharedStream;
            this.images = other.images;
            this.size = other.size;
            this.steps = other.steps;
            this.guidance = other.guidance;
            this.scheduler = other.scheduler;
            this.maxSequenceLength = other.maxSequenceLength;
            this.clipSkip = other.clipSkip;
            this.sizeConditioning = other.sizeConditioning;
            this.initialImage = other.initialImage;
            this.mayQuote = other.mayQuote;
        }

        /** The negative prompt of all images. Null for none, which is not the same as an empty text. */
        public Builder negativePrompt(@Nullable String text) {
            return negativePrompts(text == null ? null : List.of(text));
        }

        /** One negative prompt for each image; null for none. */
        public Builder negativePrompts(@Nullable List<String> texts) {
            this.negativePrompts = texts == null ? null : List.copyOf(texts);
            return this;
        }

        /** Draws the noise of the given number of images from the stream of the first seed, as diffusers does with a single generator. */
        public Builder sharedNoise(int ofImages) {
            this.sharedStream = true;
            this.images = ofImages;
            return this;
        }

        /** In pixels. */
        public Builder size(int width, int height) {
            this.size = new ImageSize(width, height);
            return this;
        }

        /** Steps of the denoiser, 1 to 1000. */
        public Builder steps(@Nullable Integer number) {
            this.steps = number;
            return this;
        }

        /** Scale of the guidance; 1 or less for none. */
        public Builder guidance(@Nullable Double scale) {
            this.guidance = scale;
            return this;
        }

        /** Another scheduler than the model's; see {@link DiffusionPipeline#scheduler}. */
        public Builder scheduler(@Nullable SchedulerConfig config) {
            this.scheduler = config;
            return this;
        }

        /** Tokens that T5 reads, 1 to 512. */
        public Builder maxSequenceLength(@Nullable Integer tokens) {
            this.maxSequenceLength = tokens;
            return this;
        }

        /** Layers at the end of CLIP that are left out for the prompt. */
        public Builder clipSkip(int layers) {
            this.clipSkip = layers;
            return this;
        }

        /** The sizes that condition SDXL; others ignore them. */
        public Builder sizeConditioning(@Nullable SizeConditioning sizes) {
            this.sizeConditioning = sizes;
            return this;
        }

        /** The image to start from. */
        public Builder initialImage(@Nullable InitialImage image) {
            this.initialImage = image;
            return this;
        }

        /** Whether warnings may quote the prompts; not if they are personal. */
        public Builder mayQuote(boolean allowed) {
            this.mayQuote = allowed;
            return this;
        }

        public DiffusionRequest build() {
            return new DiffusionRequest(this);
        }
    }
}
