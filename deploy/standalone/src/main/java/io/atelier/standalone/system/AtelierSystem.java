package io.atelier.standalone.system;

import io.atelier.embedded.EmbeddedBroker;
import io.atelier.embedded.EmbeddedObjectStore;
import io.atelier.gateway.GatewayApplication;
import io.atelier.generator.GeneratorApplication;
import io.atelier.splitter.SplitterApplication;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.core.env.MapPropertySource;

/**
 * The parts that run in this JVM. They start together and stop in order: first those that work, then the store, last the broker.
 * Thread-safe.
 */
public final class AtelierSystem implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AtelierSystem.class);

    private static final Set<SystemPart> APPLICATIONS =
            Set.of(SystemPart.GATEWAY, SystemPart.GENERATOR, SystemPart.SPLITTER);

    private final SystemPlan plan;
    private final Map<SystemPart, AutoCloseable> running = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    public AtelierSystem(SystemPlan plan) {
        this.plan = plan;
    }

    /**
     * Starts the parts of the plan; when this returns they are ready. May be closed meanwhile.
     *
     * @throws StartFailed if one does not start; then nothing is left running
     */
    public void start() {
        try {
            together(Set.of(SystemPart.BROKER, SystemPart.STORE), this::start);
            together(APPLICATIONS, this::start);
        } catch (StartFailed e) {
            close();
            throw e;
        }
    }

    /** Blocks until the system has been closed. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Stops everything in order; what is under way is finished or handed back. Does nothing the second time. */
    @Override
    public synchronized void close() {
        try {
            together(APPLICATIONS, this::stop);
            stop(SystemPart.STORE);
            stop(SystemPart.BROKER);
        } finally {
            stopped.countDown();
        }
    }

    private void start(SystemPart part) {
        long began = System.nanoTime();
        try {
            running.put(part, started(part));
        } catch (RuntimeException e) {
            throw new StartFailed(part, e);
        }
        log.info("Started the {} in {} ms", part.word(), (System.nanoTime() - began) / 1_000_000);
    }

    private AutoCloseable started(SystemPart part) {
        return switch (part) {
            case BROKER -> EmbeddedBroker.start(plan.data().broker(), plan.kafkaPort());
            case STORE ->
                EmbeddedObjectStore.start(
                        plan.data().store(),
                        plan.s3().getPort(),
                        plan.keys().accessKey(),
                        plan.keys().secretKey());
            case GATEWAY -> run(GatewayApplication.application());
            case GENERATOR -> run(GeneratorApplication.application().web(WebApplicationType.NONE));
            case SPLITTER -> run(SplitterApplication.application().web(WebApplicationType.NONE));
        };
    }

    private AutoCloseable run(SpringApplicationBuilder application) {
        var settings = new MapPropertySource("standalone", plan.properties());
        return application
                // The order of stopping is ours.
                .registerShutdownHook(false)
                .bannerMode(Banner.Mode.OFF)
                .initializers(
                        context -> context.getEnvironment().getPropertySources().addFirst(settings))
                .run();
    }

    private void stop(SystemPart part) {
        var started = running.remove(part);
        if (started == null) {
            return;
        }
        try {
            started.close();
        } catch (Exception e) {
            // The other parts are to be stopped all the same.
            log.warn("The {} did not stop in good order", part.word(), e);
        }
    }

    /** On threads of this class loader, which those of the common pool are not when the system runs from its jar. */
    private void together(Set<SystemPart> parts, Consumer<SystemPart> action) {
        var runs = parts.stream()
                .filter(plan::runs)
                .map(part -> CompletableFuture.runAsync(
                        () -> action.accept(part), task -> new Thread(task, part.word() + "-runner").start()))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(runs).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StartFailed failed ? failed : e;
        }
    }
}
