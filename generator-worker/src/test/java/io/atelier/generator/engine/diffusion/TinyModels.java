package io.atelier.generator.engine.diffusion;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequestBuilder;
import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.diffusion.pipeline.PocketModel;
import io.atelier.generator.engine.onnx.InferenceDevice;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The tiny pipelines of the test resources, as models of a worker. */
final class TinyModels {

    static final long MEMORY = 4L << 30;

    private final ModelDevices devices;

    TinyModels() {
        this(MEMORY);
    }

    /** @param memory for loaded models, in bytes */
    TinyModels(long memory) {
        this(memory, List.of(InferenceDevice.CPU));
    }

    /** @param sessions load the networks */
    TinyModels(SessionFactory sessions) {
        this(MEMORY, List.of(InferenceDevice.CPU), sessions);
    }

    /** Stand-ins for other devices also compute on the processor. */
    TinyModels(long memory, List<InferenceDevice> devices) {
        this(memory, devices, SessionFactory.cpu(1));
    }

    private TinyModels(long memory, List<InferenceDevice> devices, SessionFactory sessions) {
        this.devices = new ModelDevices(devices.stream()
                .map(device -> new ModelDevice(
                        device, sessions, new PipelineCache<>(memory, Duration.ofMinutes(10), System::nanoTime)))
                .toList());
    }

    /** The engine of a model of the test resources, such as {@code sdxl}. */
    LocalEngine engine(String model) {
        return engine(folder(model));
    }

    LocalEngine engine(Path folder) {
        return DiffusionConfiguration.open(folder, devices);
    }

    /** The engine of the model that is part of the worker. */
    LocalEngine pocket() {
        return pocket(new PocketProperties(0).effectiveThreads());
    }

    /** @param threads for one image */
    LocalEngine pocket(int threads) {
        return DiffusionConfiguration.pocket(PocketModel.onClassPath(threads), devices);
    }

    /** The folder of a model of the test resources; not to be changed. */
    static Path folder(String model) {
        try {
            return Path.of(Objects.requireNonNull(TinyModels.class.getResource("/diffusers-tiny/" + model))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy of a model, which a test can change. */
    static Path copy(String model, Path target) {
        var source = folder(model);
        try (var files = Files.walk(source)) {
            for (var file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GenerationRequestBuilder request(String model, String prompt, long seed) {
        return GenerationRequest.builder()
                .prompt(prompt)
                .model(model)
                .requestedModel(model)
                .metadata(GenerationRequest.Metadata.FULL)
                .engine(LocalModel.engineOf(model))
                .pool("default")
                .n(1)
                .size(new ImageSize(64, 64))
                .seed(seed);
    }
}
