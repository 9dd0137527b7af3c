package io.atelier.generator.engine.pocket;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.diffusion.noise.TorchGenerator;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import io.atelier.generator.engine.pocket.text.PromptFamiliarity;
import io.atelier.generator.engine.pocket.text.PromptVocabulary;
import io.atelier.generator.engine.pocket.text.TextEncoder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Engine {@code pocket}: the small model that is part of Atelier. It generates 3-D stickers of some 1,400 things with 256 x 256 pixels, which are
 * scaled to the requested size. Needs no key, no GPU and no download. Thread-safe.
 */
public final class PocketEngine implements GenerationEngine {

    private static final String NAME = "pocket";

    private final TextEncoder textEncoder;
    private final PromptFamiliarity familiarity;
    private final PromptVocabulary vocabulary;
    private final Denoiser denoiser;
    private final Upsampler upsampler;

    PocketEngine(ModelFolder folder, int threads) {
        this.textEncoder = TextEncoder.load(folder);
        this.familiarity = PromptFamiliarity.load(folder);
        this.vocabulary = PromptVocabulary.load(folder);
        this.denoiser = Denoiser.load(folder, threads);
        this.upsampler = Upsampler.load(folder, threads);
    }

    /**
     * Loads the model from the class path, which takes about a second, and verifies the checksums of its files.
     *
     * @throws GenerationFailed if a file is missing or damaged, or ONNX Runtime has no native library for this machine
     */
    public static PocketEngine load(PocketProperties properties) {
        return new PocketEngine(
                new ModelFolder(PocketEngine.class.getClassLoader(), "models/pocket"), properties.effectiveThreads());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.EDIT, Capability.MASK, Capability.STRENGTH));
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        var parameters = PocketRequest.of(request);
        try (var onnx = new OnnxRun(run.cancellation())) {
            return generate(parameters, run, onnx);
        } catch (OutOfMemoryError e) {
            throw new GenerationFailed(
                    new Failure(
                            Failure.Code.OUT_OF_MEMORY,
                            "The worker has too little memory for %d images of %s. Request fewer or smaller ones."
                                    .formatted(parameters.images(), parameters.size())),
                    e);
        }
    }

    @Override
    public void close() {
        upsampler.close();
        denoiser.close();
        textEncoder.close();
    }

    private List<GeneratedImage> generate(PocketRequest request, GenerationRun run, OnnxRun onnx) {
        var prompt = textEncoder.encode(request.prompt(), onnx);
        var negative = request.negative() == null ? null : textEncoder.encode(request.negative(), onnx);
        run.progress().at("encode", 1, 1);

        var latents = noise(request);
        denoiser.denoise(
                latents,
                new ClassifierFreeGuidance(prompt, negative, request.guidance()),
                request.steps(),
                onnx,
                (step, unfinished) -> run.progress().at("denoise", step, request.steps()));

        var notes = new GenerationNotes(request, prompt.truncated(), familiarity.nearest(prompt), vocabulary).byName();
        var images = new ArrayList<GeneratedImage>();
        for (int i = 0; i < request.images(); i++) {
            var raster = upsampler.enlarge(latents, i * Denoiser.VALUES, onnx);
            images.add(new GeneratedImage(raster.render(request.size()), request.seed() + i, notes));
            run.progress().at("upscale", i + 1, request.images());
        }
        return List.copyOf(images);
    }

    /** Standard normal noise {@code [n, 3, 64, 64]}; image i has seed {@code request.seed() + i}. */
    private static float[] noise(PocketRequest request) {
        var noise = new float[request.images() * Denoiser.VALUES];
        for (int i = 0; i < request.images(); i++) {
            new TorchGenerator(request.seed() + i).normal(noise, i * Denoiser.VALUES, Denoiser.VALUES);
        }
        return noise;
    }
}
