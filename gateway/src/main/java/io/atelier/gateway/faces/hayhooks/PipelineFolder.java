package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.faces.hayhooks.PipelineFile.PipelineRefused;
import io.atelier.messaging.thread.DaemonThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * Loads the pipelines of a folder of YAML files and jars, and again when a file is added, changed or removed. A file that is no pipeline is reported in
 * the log and by {@link PipelineRegistry#broken}; the others are loaded. Thread-safe.
 */
final class PipelineFolder implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineFolder.class);
    private static final long MAX_BYTES = 64 * 1024;
    private static final int MAX_FILES = 1_000;

    private final ImagePipeline standard;
    private final RunRequestReader requests;
    private final PipelineRegistry registry;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("pipelines"));
    private final JarFolder jars = new JarFolder();
    private volatile @Nullable Future<?> schedule;
    private @Nullable Map<String, byte[]> loaded;
    private PipelineRegistry.Contents contents = PipelineRegistry.Contents.NONE;
    private Map<String, String> reported = Map.of();

    /**
     * @param standard has what files leave out
     * @param requests checks whether the pipelines can be run
     * @param registry gets the pipelines
     */
    PipelineFolder(ImagePipeline standard, RunRequestReader requests, PipelineRegistry registry) {
        this.standard = standard;
        this.requests = requests;
        this.registry = registry;
    }

    /** Loads the pipelines of a folder, then again after each interval if anything has changed. */
    void start(Path folder, Duration interval) {
        load(folder);
        schedule = thread.scheduleWithFixedDelay(
                () -> load(folder), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void destroy() {
        var running = schedule;
        if (running != null) {
            running.cancel(true);
        }
        thread.shutdownNow();
        closeJars();
    }

    private synchronized void closeJars() {
        jars.close();
    }

    private synchronized void load(Path folder) {
        try {
            var files = files(folder);
            boolean isChanged = jars.scan(folder);
            if (isChanged || !equal(files, loaded)) {
                contents = contents(folder, files);
                registry.replace(contents);
                loaded = files;
                jars.retire();
            }
        } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
            // The pipelines stay: the folder may be on a disk that is away for a short time.
            var broken = Map.of(folder.toString(), "The folder cannot be read: " + e.getMessage());
            report(broken);
            registry.replace(new PipelineRegistry.Contents(contents.pipelines(), broken));
            loaded = null;
        } catch (RuntimeException e) {
            // Else the schedule would end.
            LOG.error("The pipelines of {} cannot be loaded", folder, e);
            loaded = null;
        }
    }

    private static boolean equal(Map<String, byte[]> files, @Nullable Map<String, byte[]> others) {
        return others != null
                && files.keySet().equals(others.keySet())
                && files.entrySet().stream()
                        .allMatch(file -> Arrays.equals(file.getValue(), others.get(file.getKey())));
    }

    /** The contents of the files by name, in their order. The files are few and small, so that their bytes show best whether they have changed. */
    private static Map<String, byte[]> files(Path folder) throws IOException {
        var files = new TreeMap<String, byte[]>();
        try (var entries = Files.newDirectoryStream(folder, "*.{yaml,yml}")) {
            for (var file : entries) {
                if (Files.isRegularFile(file) && files.size() < MAX_FILES) {
                    try (var in = Files.newInputStream(file)) {
                        files.put(file.getFileName().toString(), in.readNBytes((int) MAX_BYTES + 1));
                    }
                }
            }
        }
        return files;
    }

    private PipelineRegistry.Contents contents(Path folder, Map<String, byte[]> files) {
        var found = new FoundPipelines();
        var archives = jars.jars();
        var names = new TreeSet<>(files.keySet());
        names.addAll(archives.keySet());
        for (var name : names) {
            var content = files.get(name);
            var jar = archives.get(name);
            if (content != null) {
                addFile(found, folder, name, content);
            } else if (jar != null) {
                jar.pipelines().forEach(pipeline -> found.add(name, new CodePipeline(pipeline)));
                jar.problems().forEach(problem -> found.addProblem(name, problem));
            }
        }
        var contents = found.contents();
        report(contents.broken());
        LOG.info("{} has the pipelines {}", folder, List.copyOf(new TreeMap<>(contents.pipelines()).keySet()));
        return contents;
    }

    private void addFile(FoundPipelines found, Path folder, String name, byte[] content) {
        try {
            found.add(name, pipeline(folder, name, content));
        } catch (PipelineRefused e) {
            found.addProblem(name, e.reason());
        }
    }

    private FacePipeline pipeline(Path folder, String name, byte[] content) throws PipelineRefused {
        if (content.length > MAX_BYTES) {
            throw new PipelineRefused("It has more than %d bytes.".formatted(MAX_BYTES));
        }
        var pipeline = PipelineFile.parse(folder, name, content, standard);
        if (pipeline instanceof ImagePipeline image) {
            requests.check(image);
        }
        return pipeline;
    }

    private void report(Map<String, String> broken) {
        if (!broken.equals(reported)) {
            broken.forEach((file, reason) -> LOG.warn("{} is no pipeline. {}", file, reason));
            reported = broken;
        }
    }
}
