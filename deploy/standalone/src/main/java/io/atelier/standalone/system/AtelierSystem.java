package io.atelier.standalone.system;

import io.atelier.embedded.EmbeddedBroker;
import io.atelier.embedded.EmbeddedObjectStore;
import io.atelier.gateway.GatewayApplication;
import io.atelier.gateway.streams.RocksDbLibrary;
import io.atelier.generator.GeneratorApplication;
import io.atelier.generator.engine.onnx.OnnxRuntimeLibrary;
import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.splitter.SplitterApplication;
import io.atelier.standalone.store.InProcessObjectStores;
import io.atelier.storage.ObjectStoreFactory;
import java.util.Map;
import java.util.Optional;
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
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The parts of a system that run in this JVM. Broker, store and gateway start at the same time: the gateway waits for the other two, and is created
 * meanwhile. The workers start after the gateway, which answers sooner without them. The applications stop first, the broker last. Thread-safe.
 */
public final class AtelierSystem implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AtelierSystem.class);

    private static final Set<SystemPart> APPLICATIONS =
            Set.of(SystemPart.GATEWAY, SystemPart.GENERATOR, SystemPart.SPLITTER);

    private static final Set<SystemPart> WORKERS = Set.of(SystemPart.GENERATOR, SystemPart.SPLITTER);

    private final SystemPlan plan;
    private final Map<SystemPart, AutoCloseable> running = new ConcurrentHashMap<>();
    private final InProcessObjectStores objectStores;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Released when the workers may start: when the gateway has started, or will not. */
    private final CountDownLatch workersMayStart = new CountDownLatch(1);

    public AtelierSystem(SystemPlan plan) {
        this.plan = plan;
        this.objectStores = new InProcessObjectStores(plan.s3(), this::store);
        if (!plan.runs(SystemPart.GATEWAY)) {
            workersMayStart.countDown();
        }
    }

    /**
     * Starts the parts of the plan; they are ready when this returns. May be closed from another thread meanwhile.
     *
     * @throws StartFailed if a part does not start; then those that run are stopped, and those that still wait for it are not awaited
     */
    public void start() {
        try {
            runAll(SystemPart.all(), this::start);
        } catch (StartFailed e) {
            close();
            throw e;
        }
    }

    /** Blocks until the system has been closed. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Stops all parts in order; running tasks are finished or released. A second call does nothing. */
    @Override
    public synchronized void close() {
        try {
            runAll(APPLICATIONS, this::stop);
            objectStores.close();
            stop(SystemPart.STORE);
            stop(SystemPart.BROKER);
        } finally {
            stopped.countDown();
            workersMayStart.countDown();
        }
    }

    private void start(SystemPart part) {
        if (WORKERS.contains(part) && !awaitGateway()) {
            return;
        }
        long start = System.nanoTime();
        try {
            running.put(part, started(part));
        } catch (RuntimeException e) {
            throw new StartFailed(part, e);
        }
        if (stopped.getCount() == 0) {
            // Another part did not start, and close() has not seen this one.
            stop(part);
            return;
        }
        log.info("Started the {} in {} ms", part.label(), (System.nanoTime() - start) / 1_000_000);
        if (part == SystemPart.GATEWAY) {
            workersMayStart.countDown();
        }
    }

    /** Returns whether the system is still wanted. */
    private boolean awaitGateway() {
        try {
            workersMayStart.await();
            return stopped.getCount() > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
            case GATEWAY -> {
                RocksDbLibrary.load(plan.data().nativeLibraries());
                yield run(GatewayApplication.application());
            }
            case GENERATOR -> {
                OnnxRuntimeLibrary.unpack(plan.data().nativeLibraries());
                yield run(GeneratorApplication.application().web(WebApplicationType.NONE));
            }
            case SPLITTER -> run(SplitterApplication.application().web(WebApplicationType.NONE));
        };
    }

    private AutoCloseable run(SpringApplicationBuilder application) {
        // Of a kind that gives keys such as io.atelier.storage.region the values of variables such as
        // IO_ATELIER_STORAGE_REGION.
        var settings = new SystemEnvironmentPropertySource("standalone-systemEnvironment", plan.properties());
        application
                // The parts must stop in the order of close().
                .registerShutdownHook(false)
                .bannerMode(Banner.Mode.OFF)
                .initializers(new FirstSettings(settings));
        if (plan.runs(SystemPart.STORE)) {
            application.initializers(this::addObjectStores);
        }
        return application.run();
    }

    private void addObjectStores(ConfigurableApplicationContext context) {
        context.getBeanFactory().registerSingleton(ObjectStoreFactory.class.getSimpleName(), objectStores);
    }

    private Optional<EmbeddedObjectStore> store() {
        return Optional.ofNullable((EmbeddedObjectStore) running.get(SystemPart.STORE));
    }

    /** Adds settings before all others, and before other initializers look at them. */
    private record FirstSettings(PropertySource<?> settings)
            implements ApplicationContextInitializer<ConfigurableApplicationContext>, PriorityOrdered {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            context.getEnvironment().getPropertySources().addFirst(settings);
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }
    }

    private void stop(SystemPart part) {
        var started = running.remove(part);
        if (started == null) {
            return;
        }
        try {
            started.close();
        } catch (Exception e) {
            // The other parts must be stopped in any case.
            log.warn("Could not stop the {} cleanly", part.label(), e);
        }
    }

    /**
     * Runs the action for several parts in parallel, on threads with this class loader: those of the common pool have another one in a jar.
     * Returns when all have succeeded, or throws as soon as one has failed.
     */
    private void runAll(Set<SystemPart> parts, Consumer<SystemPart> action) {
        var runs = parts.stream()
                .filter(plan::runs)
                .map(part -> CompletableFuture.runAsync(
                        () -> action.accept(part), task -> thread(task, part).start()))
                .toArray(CompletableFuture<?>[]::new);
        var firstFailure = new CompletableFuture<Void>();
        for (var run : runs) {
            var unused = run.whenComplete((done, failure) -> {
                if (failure != null) {
                    firstFailure.completeExceptionally(failure);
                }
            });
        }
        try {
            CompletableFuture.anyOf(CompletableFuture.allOf(runs), firstFailure).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StartFailed failed ? failed : e;
        }
    }

    /** A daemon, because a part may still wait for another one that did not start. */
    private static Thread thread(Runnable task, SystemPart part) {
        return DaemonThreads.create(part.label() + "-runner", task);
    }
}
