package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.DiffusionPipeline;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the models folder of a worker. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelsProperties.class)
public class DiffusionConfiguration {

    /** Null if the worker has no models folder. */
    @Bean
    @Nullable
    ModelLibrary modelLibrary(ModelsProperties properties) {
        var folder = properties.path();
        if (folder.isEmpty()) {
            return null;
        }
        var cache = new PipelineCache<DiffusionPipeline>(
                properties.memoryBytes(), properties.idleTimeout(), System::nanoTime);
        var sessions = SessionFactory.cpu(properties.effectiveThreads());
        return new ModelLibrary(folder.get(), model -> open(model, sessions, cache), cache::unloadIdle);
    }

    static LocalEngine open(Path folder, SessionFactory sessions, PipelineCache<DiffusionPipeline> cache) {
        var name = folder.getFileName().toString();
        try {
            var description = PipelineDescription.of(DiffusersFolder.open(folder));
            var traits = new ModelTraits(description, ModelCard.of(folder));
            return traits.isPossible()
                    ? new DiffusionEngine(folder, traits, sessions, cache)
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
