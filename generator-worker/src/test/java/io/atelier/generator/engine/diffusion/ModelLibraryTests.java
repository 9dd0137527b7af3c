package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.worker.cancellation.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelLibraryTests {

    @TempDir
    private Path folder;

    private final LocalEngine builtIn = new UnusableModelEngine("z-built-in", "a sample");
    private final List<String> closed = new ArrayList<>();
    private final List<String> unloaded = new ArrayList<>();
    private final List<String> runs = new ArrayList<>();
    private Supplier<@Nullable Failure> failure = () -> null;
    private final AtomicInteger sweeps = new AtomicInteger();
    private final List<ModelLibrary> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(ModelLibrary::close);
    }

    @Test
    void foldersAreModelsAndHiddenOnesAndFilesAreNot() throws IOException {
        model("b-model");
        model("a_model.v2");
        model(".download-c");
        model("not a name");
        Files.writeString(folder.resolve("notes.txt"), "x");

        var library = open(folder);

        assertThat(library.models()).extracting(LocalModel::model).containsExactly("a_model.v2", "b-model");
        assertThat(library.engines())
                .extracting(GenerationEngine::name)
                .containsExactly("local/a_model.v2", "local/b-model", builtIn.name());
        assertThat(sweeps.get()).isPositive();
    }

    @Test
    void missingFolderHasNoModelsUntilItIsThere() throws IOException {
        var models = folder.resolve("later");
        var library = open(models);
        assertThat(library.engines()).containsExactly(builtIn);

        Files.createDirectories(models.resolve("m"));
        library.scan();

        assertThat(library.engines()).hasSize(2);
    }

    @DisplayName("Without a models folder there is the model that is part of the worker, and idle models are unloaded")
    @Test
    void builtInModelNeedsNoFolder() {
        var library = open(null);

        assertThat(library.engines()).containsExactly(builtIn);
        assertThat(library.models()).isEmpty();
        assertThat(sweeps.get()).isPositive();
    }

    @Test
    void entryThatCannotBeReadHidesNoOtherModel() throws IOException {
        model("whole");
        var broken = model("broken");
        Files.createSymbolicLink(broken.resolve("README.md"), folder.resolve("nowhere"));

        var library = open(folder);

        assertThat(library.models()).extracting(LocalModel::model).containsExactly("broken", "whole");
        assertThat(sweeps.get()).isPositive();
    }

    @DisplayName("A folder that needs more memory than there is does not end the search for others")
    @Test
    void errorDoesNotEndTheSearch() throws IOException {
        model("greedy");
        var library = new ModelLibrary(
                folder,
                builtIn,
                model -> {
                    throw new OutOfMemoryError("a sample");
                },
                sweeps::incrementAndGet);
        opened.add(library);

        library.scan();

        assertThat(library.engines()).containsExactly(builtIn);
        assertThat(sweeps.get()).isGreaterThan(1);
    }

    @Test
    void onlyChangedAndRemovedModelsAreClosed() throws IOException {
        model("stays");
        var changes = model("changes");
        var leaves = model("leaves");
        var library = open(folder);
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

    @DisplayName("A folder that could not be read is opened again by the next scan, though nothing in it was changed")
    @Test
    void unreadFolderIsOpenedAgain() throws IOException {
        model("tiny");
        var openings = new AtomicInteger();
        var library = open(folder, model -> {
            boolean isFirst = openings.incrementAndGet() == 1;
            return isFirst ? new UnusableModelEngine("tiny", passing()) : new Scripted(model);
        });
        assertThat(library.engines().get(0).status().configured()).isFalse();

        library.scan();
        library.scan();

        assertThat(library.models()).extracting(LocalModel::model).containsExactly("tiny");
        assertThat(openings).hasValue(2);
    }

    @DisplayName("A model stays as it was while its folder cannot be read")
    @Test
    void unreadFolderIsNoChange() throws IOException {
        var model = model("tiny");
        var library = open(folder);
        var before = library.engines();

        Files.createSymbolicLink(model.resolve("loop"), Path.of("loop"));
        library.scan();

        assertThat(library.engines()).isEqualTo(before);
        assertThat(closed).isEmpty();
    }

    @Test
    void changeBesideALinkThatLeadsNowhereIsSeen() throws IOException {
        var model = model("tiny");
        Files.createSymbolicLink(model.resolve("README.md"), folder.resolve("nowhere"));
        var library = open(folder);

        Files.writeString(model.resolve("model_index.json"), "{\"changed\": true}");
        library.scan();

        assertThat(closed).containsExactly("tiny");
    }

    @DisplayName("A run that fails because its folder was replaced is made once more, with the new content")
    @Test
    void runOfAReplacedFolderIsMadeAgain() throws IOException {
        var model = model("tiny");
        failure = () -> {
            write(model, "{\"version\": %d}".formatted(runs.size()));
            return runs.size() == 1 ? damage() : null;
        };
        var library = open(folder);

        assertThat(generate(library)).isEmpty();

        assertThat(runs).containsExactly("tiny", "tiny");
        assertThat(closed).containsExactly("tiny");
    }

    @DisplayName("The new content is tried once; its failure is not final, because more of it may come")
    @Test
    void runIsMadeAgainOnce() throws IOException {
        var model = model("tiny");
        failure = () -> {
            write(model, "{\"version\": %d}".formatted(runs.size()));
            return damage();
        };
        var library = open(folder);

        assertThat(failed(library)).isEqualTo(new Failure(Code.ENGINE_UNAVAILABLE, "Damaged."));
        assertThat(runs).hasSize(2);
    }

    @Test
    void failureOfAFolderThatWasNotChangedIsFinal() throws IOException {
        model("tiny");
        failure = ModelLibraryTests::damage;
        var library = open(folder);

        assertThat(failed(library)).isEqualTo(damage());
        assertThat(runs).hasSize(1);
    }

    @DisplayName("A run whose folder is removed says so, and is not made again at a worker that lacks the model")
    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"NOT_CONFIGURED", "ENGINE_UNAVAILABLE"})
    void runOfARemovedFolderSaysWhatHappened(Code ofLoad) throws IOException {
        var model = model("tiny");
        failure = () -> {
            delete(model);
            return new Failure(ofLoad, "unet/model.onnx is missing.");
        };
        var library = open(folder);

        assertThat(failed(library))
                .isEqualTo(
                        new Failure(
                                Code.NOT_CONFIGURED,
                                "The model 'tiny' was removed while this job used it. Add it again, or request another model."));
        assertThat(runs).hasSize(1);
        assertThat(library.engines()).extracting(GenerationEngine::name).doesNotContain("local/tiny");
    }

    private static Failure damage() {
        return new Failure(Code.NOT_CONFIGURED, "Damaged.");
    }

    private static Failure passing() {
        return new Failure(Code.ENGINE_UNAVAILABLE, "Too many open files.");
    }

    private static void write(Path model, String index) {
        try {
            Files.writeString(model.resolve("model_index.json"), index);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path model) {
        try {
            Files.delete(model.resolve("model_index.json"));
            Files.delete(model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<GeneratedImage> generate(ModelLibrary library) {
        var run = new GenerationRun("gen_1", 1, (phase, step, steps) -> {}, new Cancellation());
        return library.engines()
                .get(0)
                .generate(TinyModels.request("tiny", "a cat", 1).build(), run);
    }

    private static Failure failed(ModelLibrary library) {
        return catchThrowableOfType(GenerationFailed.class, () -> generate(library))
                .failure();
    }

    @Test
    void onlyTheNamedModelIsUnloaded() throws IOException {
        model("kept");
        model("named");
        var library = open(folder);

        library.unload("local/named");
        library.unload("local/unknown");

        assertThat(unloaded).containsExactly("named");
    }

    private ModelLibrary open(@Nullable Path models) {
        return open(models, Scripted::new);
    }

    private ModelLibrary open(@Nullable Path models, Function<Path, LocalEngine> engines) {
        var library = new ModelLibrary(models, builtIn, engines, sweeps::incrementAndGet);
        opened.add(library);
        return library;
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
            return LocalModel.engineOf(model);
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
                    null,
                    8,
                    1,
                    4,
                    null,
                    false,
                    List.of(),
                    false,
                    null));
        }

        @Override
        public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
            runs.add(model);
            var failed = failure.get();
            if (failed != null) {
                throw new GenerationFailed(failed);
            }
            return List.of();
        }

        @Override
        public void unload() {
            unloaded.add(model);
        }

        @Override
        public void close() {
            closed.add(model);
        }
    }
}
