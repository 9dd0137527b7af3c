package io.atelier.gateway.faces.pipelines;

import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pipelines of a jar, and what is wrong with it. Thread-safe. */
public final class PipelineJar {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineJar.class);
    private static final String SERVICE = "META-INF/services/" + Pipeline.class.getName();
    private static final int MAX_PIPELINES = 100;

    private final PipelineUses uses;
    private List<HostedPipeline> pipelines = List.of();
    private List<String> problems = List.of();

    private PipelineJar(Path copy, PipelineClassLoader loader) {
        this.uses = new PipelineUses(() -> DaemonThreads.create("pipeline-close", () -> close(copy, loader))
                .start());
    }

    /** A jar that cannot be loaded at all. */
    private PipelineJar(String problem) {
        this.uses = new PipelineUses(() -> {});
        this.problems = List.of(problem);
    }

    /**
     * Loads a jar. Blocks. Works with a copy, so that the jar can be replaced.
     *
     * @param timeout how long the code of the jar may take for its constructors and declarations
     */
    public static PipelineJar load(Path file, Duration timeout) {
        try {
            requireService(file);
            var copy = Files.createTempFile("atelier-pipeline-", ".jar");
            copy.toFile().deleteOnExit();
            Files.write(copy, Files.readAllBytes(file));
            var loader = new PipelineClassLoader(copy.toUri().toURL());
            var jar = new PipelineJar(copy, loader);
            jar.load(loader, timeout);
            return jar;
        } catch (ZipException e) {
            return new PipelineJar("It is no jar, or not all of it is there.");
        } catch (NoSuchFileException e) {
            return new PipelineJar("It was removed before it was read.");
        } catch (IOException e) {
            return new PipelineJar("It cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return new PipelineJar(String.valueOf(e.getMessage()));
        }
    }

    private static void requireService(Path file) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            if (zip.getEntry(SERVICE) == null) {
                throw new IllegalArgumentException("It has no file %s that names its pipelines.".formatted(SERVICE));
            }
        }
    }

    public List<HostedPipeline> pipelines() {
        return pipelines;
    }

    /** What is wrong with the jar, in sentences; empty if all of it works. */
    public List<String> problems() {
        return problems;
    }

    /** Closes the pipelines when all requests to them have ended. There must be no new ones. */
    public void retire() {
        uses.retire();
    }

    /** On a thread of its own: code of the jar may never return. */
    private void load(PipelineClassLoader loader, Duration timeout) {
        var task = new FutureTask<>(() -> new Loading(loader, uses).run());
        var thread = DaemonThreads.create("pipeline-load", task);
        thread.setContextClassLoader(loader);
        thread.start();
        try {
            var loaded = task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            pipelines = List.copyOf(loaded.pipelines);
            problems = List.copyOf(loaded.problems);
        } catch (TimeoutException e) {
            task.cancel(true);
            problems = List.of("Its code takes longer than %d s to load.".formatted(timeout.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            task.cancel(true);
            problems = List.of("The gateway is stopping.");
        } catch (ExecutionException e) {
            LOG.warn("A jar of pipelines cannot be loaded", e.getCause());
            problems = List.of("It cannot be loaded: " + e.getCause());
        }
    }

    private void close(Path copy, PipelineClassLoader loader) {
        Thread.currentThread().setContextClassLoader(loader);
        for (var pipeline : pipelines) {
            var name = pipeline.declaration().name();
            try {
                pipeline.code().close();
            } catch (Throwable failure) {
                LOG.warn("The pipeline {} failed to close", name, failure);
            }
        }
        try {
            loader.close();
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            LOG.warn("The copy of a jar of pipelines cannot be removed", e);
        }
    }

    /** Makes the pipelines of a jar. */
    private static final class Loading {

        private final PipelineClassLoader loader;
        private final PipelineUses uses;
        private final List<HostedPipeline> pipelines = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();

        Loading(PipelineClassLoader loader, PipelineUses uses) {
            this.loader = loader;
            this.uses = uses;
        }

        Loading run() {
            var names = new HashSet<String>();
            Iterator<ServiceLoader.Provider<Pipeline>> providers =
                    ServiceLoader.load(Pipeline.class, loader).stream().iterator();
            for (int i = 0; i < MAX_PIPELINES && next(providers, names); i++) {
                // All is in the condition.
            }
            if (pipelines.isEmpty() && problems.isEmpty()) {
                problems.add("The file %s names no pipeline.".formatted(SERVICE));
            }
            return this;
        }

        /** Whether there may be another one. The errors of one class do not end the iteration. */
        private boolean next(Iterator<ServiceLoader.Provider<Pipeline>> providers, Set<String> names) {
            try {
                if (!providers.hasNext()) {
                    return false;
                }
                var code = providers.next().get();
                var declaration = PipelineDeclaration.of(code);
                if (!names.add(declaration.name())) {
                    throw new IllegalArgumentException(
                            "It has two pipelines of the name '%s'.".formatted(declaration.name()));
                }
                pipelines.add(new HostedPipeline(code, declaration, uses));
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            } catch (UnsupportedClassVersionError e) {
                problems.add("It needs a newer Java than %s: %s."
                        .formatted(System.getProperty("java.version"), e.getMessage()));
            } catch (ServiceConfigurationError e) {
                LOG.warn("A pipeline cannot be loaded", e);
                problems.add("A pipeline cannot be loaded: " + reason(e));
            } catch (Throwable e) {
                LOG.warn("A pipeline cannot be loaded", e);
                problems.add("A pipeline cannot be loaded: " + e);
            }
            return true;
        }

        private static String reason(ServiceConfigurationError error) {
            var message = String.valueOf(error.getMessage()).replaceFirst("^" + Pipeline.class.getName() + ": ", "");
            return error.getCause() == null ? message : message + ": " + error.getCause();
        }
    }
}
