package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.DiffusionPipeline;
import io.atelier.generator.engine.diffusion.pipeline.PocketModel;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.onnx.InferenceDevice;
import io.atelier.generator.engine.onnx.InferenceDevices;
import io.atelier.generator.engine.onnx.OnnxRuntimeLibrary;
import io.atelier.generator.engine.onnx.OpenVinoPlugin;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.messaging.settings.SettingRefused;
import java.nio.file.Path;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the models that a worker runs itself: the one that is part of it, and those of its models folder. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ModelsProperties.class, PocketProperties.class})
public class DiffusionConfiguration {

    /** Fails if a setting names a device that is not there, or that does not compute. */
    @Bean
    InferenceDevices inferenceDevices(ModelsProperties properties) {
        try {
            if (!properties.onnxruntimeFolder().isBlank()) {
                OnnxRuntimeLibrary.use(Path.of(properties.onnxruntimeFolder()));
            }
            if (!properties.openvinoLibrary().isBlank()) {
                OpenVinoPlugin.register(Path.of(properties.openvinoLibrary()));
            }
        } catch (GenerationFailed e) {
            throw new SettingRefused(e.failure().message(), e);
        }
        return DeviceSetting.proving(properties.effectiveThreads()).read(properties.devices());
    }

    @Bean
    ModelLibrary modelLibrary(ModelsProperties properties, PocketProperties pocket, InferenceDevices devices) {
        var models = new ModelDevices(devices.all().stream()
                .map(device -> modelDevice(device, properties))
                .toList());
        var processor = models.processor(() -> modelDevice(InferenceDevice.CPU, properties));
        return new ModelLibrary(
                properties.path().orElse(null),
                pocket(PocketModel.onClassPath(pocket.effectiveThreads()), processor),
                model -> open(model, models),
                () -> {
                    models.unloadIdle();
                    processor.unloadIdle();
                });
    }

    private static ModelDevice modelDevice(InferenceDevice device, ModelsProperties properties) {
        return new ModelDevice(
                device,
                SessionFactory.on(device, properties.effectiveThreads()),
                new PipelineCache<>(properties.memoryBytes(device), properties.idleTimeout(), System::nanoTime));
    }

    static LocalEngine pocket(PocketModel model, ModelDevices devices) {
        var traits = new ModelTraits(model.description(), ModelCard.BUILT_IN);
        return new DiffusionEngine(sessions -> model.load(), traits, devices);
    }

    static LocalEngine open(Path folder, ModelDevices devices) {
        var name = folder.getFileName().toString();
        var state = FolderState.of(folder);
        try {
            var description = PipelineDescription.of(DiffusersFolder.open(folder));
            var traits = new ModelTraits(description, ModelCard.of(folder));
            return new DiffusionEngine(sessions -> load(folder, state, sessions), traits, devices);
        } catch (GenerationFailed e) {
            return new UnusableModelEngine(name, e.failure());
        } catch (RuntimeException e) {
            return new UnusableModelEngine(
                    name,
                    "The folder of '%s' cannot be read: %s. Export or download the model again.".formatted(name, e));
        } catch (OutOfMemoryError | StackOverflowError e) {
            // One folder must not end the search for the others.
            return new UnusableModelEngine(
                    name,
                    "The folder of '%s' cannot be read: what describes the model does not fit into memory. Export or download the model again."
                            .formatted(name));
        }
    }

    /** Loads a model, whose description is that of the folder in this state. */
    private static DiffusionPipeline load(Path folder, FolderState described, SessionFactory sessions) {
        requireUnchanged(folder, described);
        var pipeline = DiffusionPipeline.load(folder, sessions);
        try {
            // Else its networks may be those of two models.
            requireUnchanged(folder, described);
            return pipeline;
        } catch (GenerationFailed e) {
            pipeline.close();
            throw e;
        }
    }

    private static void requireUnchanged(Path folder, FolderState described) {
        var now = FolderState.of(folder);
        if (now.isKnown() && described.isKnown() && !now.equals(described)) {
            throw new GenerationFailed(new Failure(
                    Code.ENGINE_UNAVAILABLE,
                    "The folder of the model '%s' was changed. Send the request again."
                            .formatted(folder.getFileName())));
        }
    }
}
