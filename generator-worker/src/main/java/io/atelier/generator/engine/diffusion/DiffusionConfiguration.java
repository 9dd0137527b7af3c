package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.DiffusionPipeline;
import io.atelier.generator.engine.diffusion.pipeline.PocketModel;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.nio.file.Path;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the models that a worker runs itself: the one that is part of it, and those of its models folder. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ModelsProperties.class, PocketProperties.class})
public class DiffusionConfiguration {

    @Bean
    ModelLibrary modelLibrary(ModelsProperties properties, PocketProperties pocket) {
        var cache = new PipelineCache<DiffusionPipeline>(
                properties.memoryBytes(), properties.idleTimeout(), System::nanoTime);
        var sessions = SessionFactory.cpu(properties.effectiveThreads());
        return new ModelLibrary(
                properties.path().orElse(null),
                pocket(PocketModel.onClassPath(pocket.effectiveThreads()), cache),
                model -> open(model, sessions, cache),
                cache::unloadIdle);
    }

    static LocalEngine pocket(PocketModel model, PipelineCache<DiffusionPipeline> cache) {
        var traits = new ModelTraits(model.description(), ModelCard.BUILT_IN);
        return new DiffusionEngine(model::load, traits, cache);
    }

    static LocalEngine open(Path folder, SessionFactory sessions, PipelineCache<DiffusionPipeline> cache) {
        var name = folder.getFileName().toString();
        try {
            var description = PipelineDescription.of(DiffusersFolder.open(folder));
            var traits = new ModelTraits(description, ModelCard.of(folder));
            return traits.isPossible()
                    ? new DiffusionEngine(() -> DiffusionPipeline.load(folder, sessions), traits, cache)
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
