package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.EngineSource;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of a worker: the one that is part of it, and those of its models folder. Looks for new, changed and removed models while the worker runs; a folder that cannot be used is an engine
 * that says why. Thread-safe.
 */
public final class ModelLibrary implements EngineSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelLibrary.class);
    private static final long SCAN_MILLIS = 2_000;

    private final @Nullable Path folder;
    private final LocalEngine builtIn;
    private final Function<Path, LocalEngine> engines;
    private final Runnable afterScan;
    private final ScheduledExecutorService scans;
    private volatile Map<String, FolderEngine> entries = Map.of();

    /**
     * Scans the folder, and goes on doing so.
     *
     * @param folder need not exist; null for none
     * @param builtIn the engine of the model that is always there
     * @param engines opens the engine of a model, without loading its weights; never fails
     * @param afterScan runs after each scan
     */
    ModelLibrary(@Nullable Path folder, LocalEngine builtIn, Function<Path, LocalEngine> engines, Runnable afterScan) {
        this.folder = folder;
        this.builtIn = builtIn;
        this.engines = engines;
        this.afterScan = afterScan;
        this.scans = Executors.newSingleThreadScheduledExecutor(ModelLibrary::thread);
        scan();
        // The scan itself reports what goes wrong.
        var unused = scans.scheduleWithFixedDelay(this::scan, SCAN_MILLIS, SCAN_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public List<GenerationEngine> engines() {
        return all().<GenerationEngine>map(engine -> engine).toList();
    }

    @Override
    public List<LocalModel> models() {
        return all().flatMap(engine -> engine.announcement().stream()).toList();
    }

    @Override
    public void unload(String engine) {
        all().filter(model -> model.name().equals(engine)).forEach(LocalEngine::unload);
    }

    @Override
    public void close() {
        scans.shutdownNow();
        all().forEach(LocalEngine::close);
    }

    /** Scans the folder now. */
    void scan() {
        try {
            refresh();
        } finally {
            afterScan.run();
        }
    }

    private synchronized void refresh() {
        try {
            var found = new TreeMap<String, FolderEngine>();
            for (var model : folders()) {
                var name = model.getFileName().toString();
                found.put(name, current(entries.get(name), model));
            }
            var before = entries;
            entries = found;
            before.forEach((name, engine) -> release(engine, found.get(name)));
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            LOG.warn("The models folder {} cannot be read; its models stay as they were", folder, e);
        }
    }

    private Stream<LocalEngine> all() {
        return Stream.concat(entries.values().stream(), Stream.of(builtIn));
    }

    private FolderEngine current(@Nullable FolderEngine known, Path model) {
        var state = FolderState.of(model);
        return known == null || known.isOutdated(state) ? open(known, model, state) : known;
    }

    /**
     * The engine in place of one whose folder has changed; empty if it has not.
     *
     * @throws GenerationFailed if the folder is gone, which no further attempt at this worker changes; that others have the model is found out later
     */
    private Optional<FolderEngine> successor(String name, FolderEngine engine) {
        refresh();
        var now = entries.get(name);
        if (engine.equals(now)) {
            return Optional.empty();
        }
        if (now == null) {
            throw removed(name);
        }
        LOG.info(
                "The folder of the model {} was changed while a job used it; the job goes on with the new content",
                name);
        return Optional.of(now);
    }

    private static GenerationFailed removed(String name) {
        return new GenerationFailed(new Failure(
                Code.NOT_CONFIGURED,
                "The model '%s' was removed while this job used it. Add it again, or request another model."
                        .formatted(name)));
    }

    private List<Path> folders() throws IOException {
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (var children = Files.list(folder)) {
            return children.filter(
                            child -> DiffusersFolder.isName(child.getFileName().toString()))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    private FolderEngine open(@Nullable FolderEngine before, Path model, FolderState state) {
        var name = model.getFileName().toString();
        var engine = new FolderEngine(engines.apply(model), state, replaced -> successor(name, replaced));
        var status = engine.status();
        if (status.configured()) {
            LOG.info("Found the model {}", name);
        } else if (before == null || !before.status().equals(status)) {
            LOG.warn("The model {} cannot be used: {}", name, status.detail());
        }
        return engine;
    }

    private static void release(FolderEngine before, @Nullable FolderEngine now) {
        if (!before.equals(now)) {
            before.close();
        }
    }

    private static Thread thread(Runnable task) {
        var thread = new Thread(task, "models-folder");
        thread.setDaemon(true);
        return thread;
    }
}
