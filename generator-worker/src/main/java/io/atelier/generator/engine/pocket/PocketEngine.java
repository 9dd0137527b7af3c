package io.atelier.generator.engine.pocket;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.pocket.noise.TorchNormal;
import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import io.atelier.generator.engine.pocket.onnx.OnnxRun;
import io.atelier.generator.engine.pocket.text.PromptFamiliarity;
import io.atelier.generator.engine.pocket.text.TextEncoder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Draws with {@code pocket}, the small model that comes with Atelier: 3-D stickers of some 1,400 things, 256 x 256, enlarged to what was
 * asked for. Needs no key, no GPU and no download. Thread-safe.
 */
public final class PocketEngine implements GenerationEngine {

    private static final String NAME = "pocket";

    private final TextEncoder textEncoder;
    private final PromptFamiliarity familiarity;
    private final Denoiser denoiser;
    private final Upsampler upsampler;

    PocketEngine(ModelFolder folder, int threads) {
        this.textEncoder = TextEncoder.load(folder);
        this.familiarity = PromptFamiliarity.load(folder);
        this.denoiser = Denoiser.load(folder, threads);
        this.upsampler = Upsampler.load(folder, threads);
    }

    /**
     * Loads the model from the class path, which takes about a second, and checks every file of it.
     *
     * @throws GenerationFailed if a file is missing or damaged, or ONNX Runtime does not run here
     */
    public static PocketEngine load(PocketProperties properties) {
        return new PocketEngine(
                new ModelFolder(PocketEngine.class.getClassLoader(), "models/pocket"), properties.threadsHere());
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
        return EnumSet.complementOf(EnumSet.of(Capability.EDIT));
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        var drawing = PocketRequest.of(request);
        try (var onnx = new OnnxRun(run.cancellation())) {
            return draw(drawing, run, onnx);
        } catch (OutOfMemoryError e) {
            throw new GenerationFailed(
                    new Failure(
                            Failure.Code.OUT_OF_MEMORY,
                            "The worker has too little memory for %d pictures of %s. Ask for fewer or smaller ones."
                                    .formatted(drawing.images(), drawing.size())),
                    e);
        }
    }

    @Override
    public void close() {
        upsampler.close();
        denoiser.close();
        textEncoder.close();
    }

    private List<GeneratedImage> draw(PocketRequest drawing, GenerationRun run, OnnxRun onnx) {
        var prompt = textEncoder.encode(drawing.prompt(), onnx);
        var negative = drawing.negative() == null ? null : textEncoder.encode(drawing.negative(), onnx);
        run.progress().at("encode", 1, 1);

        var latents = noise(drawing);
        denoiser.denoise(
                latents,
                new ClassifierFreeGuidance(prompt, negative, drawing.guidance()),
                drawing.steps(),
                onnx,
                (step, unfinished) -> run.progress().at("denoise", step, drawing.steps()));

        var notes = new ImageMetadata(drawing, prompt.truncated(), familiarity.nearest(prompt)).byName();
        var images = new ArrayList<GeneratedImage>();
        for (int i = 0; i < drawing.images(); i++) {
            var raster = upsampler.enlarge(latents, i * Denoiser.VALUES, onnx);
            images.add(new GeneratedImage(raster.render(drawing.size()), drawing.seed() + i, notes));
            run.progress().at("upscale", i + 1, drawing.images());
        }
        return List.copyOf(images);
    }

    private static float[] noise(PocketRequest drawing) {
        var noise = new float[drawing.images() * Denoiser.VALUES];
        for (int i = 0; i < drawing.images(); i++) {
            System.arraycopy(
                    TorchNormal.draw(drawing.seed() + i, Denoiser.VALUES),
                    0,
                    noise,
                    i * Denoiser.VALUES,
                    Denoiser.VALUES);
        }
        return noise;
    }
}
