package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.onnx.InferenceDevices;
import io.atelier.generator.engine.onnx.OnnxRuntimeLibrary;
import io.atelier.generator.engine.onnx.OpenVinoPlugin;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.messaging.settings.SettingRefused;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the models folder of a worker. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelsProperties.class)
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

    /** Null if the worker has no models folder. */
    @Bean
    @Nullable
    ModelLibrary modelLibrary(ModelsProperties properties, InferenceDevices devices) {
        var folder = properties.path();
        if (folder.isEmpty()) {
            return null;
        }
        var models = new ModelDevices(devices.all().stream()
                .map(device -> new ModelDevice(
                        device,
                        SessionFactory.on(device, properties.effectiveThreads()),
                        new PipelineCache<>(
                                properties.memoryBytes(device), properties.idleTimeout(), System::nanoTime)))
                .toList());
        return new ModelLibrary(folder.get(), model -> open(model, models), models::unloadIdle);
    }

    static LocalEngine open(Path folder, ModelDevices devices) {
        var name = folder.getFileName().toString();
        try {
            var description = PipelineDescription.of(DiffusersFolder.open(folder));
            var traits = new ModelTraits(description, ModelCard.of(folder));
            return traits.isPossible()
                    ? new DiffusionEngine(folder, traits, devices)
                    : new UnusableModelEngine(
                            name,
                            "The sizes in the config.json of the networks of '%s' are impossible. Export the model again."
                                    .formatted(name));
        } catch (GenerationFailed e) {
            return new UnusableModelEngine(name, e.failure().message());
        } catch (RuntimeException e) {
            return new UnusableModelEngine(
                    name,
                    "The folder of '%s' cannot be read: %s. Export or download the model again.".formatted(name, e));
        }
    }
}
