package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLibraryTests {

    @TempDir
    private Path folder;

    private final List<String> closed = new ArrayList<>();
    private final AtomicInteger sweeps = new AtomicInteger();
    private ModelLibrary library;

    @AfterEach
    void close() {
        library.close();
    }

    @Test
    void foldersAreModelsAndHiddenOnesAndFilesAreNot() throws IOException {
        model("b-model");
        model("a_model.v2");
        model(".download-c");
        model("not a name");
        Files.writeString(folder.resolve("notes.txt"), "x");

        open();

        assertThat(library.models()).extracting(LocalModel::model).containsExactly("a_model.v2", "b-model");
        assertThat(library.engines())
                .extracting(GenerationEngine::name)
                .containsExactly("local/a_model.v2", "local/b-model");
        assertThat(sweeps.get()).isPositive();
    }

    @Test
    void missingFolderHasNoModelsUntilItIsThere() throws IOException {
        var models = folder.resolve("later");
        library = new ModelLibrary(models, Scripted::new, sweeps::incrementAndGet);
        assertThat(library.engines()).isEmpty();

        Files.createDirectories(models.resolve("m"));
        library.scan();

        assertThat(library.engines()).hasSize(1);
    }

    @Test
    void onlyChangedAndRemovedModelsAreClosed() throws IOException {
        model("stays");
        var changes = model("changes");
        var leaves = model("leaves");
        open();
        var before = library.engines();

        library.scan();
        assertThat(library.engines()).isEqualTo(before);
        assertThat(closed).isEmpty();

        Files.writeString(changes.resolve("model_index.json"), "{\"changed\": true}");
        Files.delete(leaves.resolve("model_index.json"));
        Files.delete(leaves);
        library.scan();

        assertThat(closed).containsExactlyInAnyOrder("changes", "leaves");
        assertThat(library.models()).extracting(LocalModel::model).containsExactly("changes", "stays");
        assertThat(library.engines()).contains(before.get(2)).doesNotContain(before.get(0));
    }

    private void open() {
        library = new ModelLibrary(folder, Scripted::new, sweeps::incrementAndGet);
    }

    private Path model(String name) throws IOException {
        var model = Files.createDirectory(folder.resolve(name));
        Files.writeString(model.resolve("model_index.json"), "{}");
        return model;
    }

    private final class Scripted implements LocalEngine {

        private final String model;

        Scripted(Path folder) {
            this.model = folder.getFileName().toString();
        }

        @Override
        public String name() {
            return PREFIX + model;
        }

        @Override
        public String device() {
            return "cpu";
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public Optional<LocalModel> announcement() {
            return Optional.of(new LocalModel(
                    model,
                    name(),
                    "Test",
                    "unknown",
                    Instant.EPOCH,
                    1,
                    false,
                    64,
                    64,
                    64,
                    64,
                    8,
                    1,
                    4,
                    null,
                    false,
                    List.of(),
                    false));
        }

        @Override
        public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
            return List.of();
        }

        @Override
        public void close() {
            closed.add(model);
        }
    }
}
