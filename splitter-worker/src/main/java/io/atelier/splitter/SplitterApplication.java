package io.atelier.splitter;

import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.messaging.clock.ClockWatch;
import io.atelier.messaging.lease.LeaseConfiguration;
import io.atelier.messaging.lease.LeaseLoop;
import io.atelier.messaging.lease.LeaseLoops;
import io.atelier.messaging.lease.WorkQueue;
import io.atelier.messaging.presence.Presence;
import io.atelier.messaging.presence.Presence.Pulse;
import io.atelier.messaging.presence.WorkerAnnouncer;
import io.atelier.messaging.worker.ReportingHandler;
import io.atelier.messaging.worker.WorkerProperties;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.StorageConfiguration;
import io.atelier.storage.patience.StorePatience;
import io.atelier.storage.readiness.ObjectStoreAtStart;
import io.atelier.storage.readiness.ObjectStoreHealth;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The splitter worker as a process of its own, and its wiring: settings come from {@code splitter-worker.yml} and the environment. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties({SplitterProperties.class, WorkerProperties.class})
@Import({MessagingConfiguration.class, LeaseConfiguration.class, StorageConfiguration.class})
public class SplitterApplication {

    /** The application, not yet started, so that others can run it inside their JVM. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(SplitterApplication.class)
                .properties("spring.config.name=splitter-worker")
                .bannerMode(Banner.Mode.OFF)
                .web(WebApplicationType.REACTIVE);
    }

    public static void main(String[] arguments) {
        ClockWatch.start();
        application().run(arguments);
    }

    @Bean(initMethod = "await")
    ObjectStoreAtStart objectStoreAtStart(ObjectStore store, SplitterProperties properties) {
        return new ObjectStoreAtStart(store, properties.storeWait());
    }

    @Bean
    HealthIndicator objectStoreHealthIndicator(ObjectStore store) {
        return new ObjectStoreHealth(store);
    }

    @Bean
    GridSplitter gridSplitter(SplitterProperties properties, WorkerProperties work, ObjectStore store) {
        return new GridSplitter(
                worker(properties),
                new GridReader(store, properties),
                new TileAlbum(store),
                new StorePatience(work.storePatience()));
    }

    @Bean
    ReportingHandler<SplitRequested> splitHandler(GridSplitter splitter, EventPublisher events, WorkerProperties work) {
        return new ReportingHandler<>(splitter, events, Clock.systemUTC(), work);
    }

    /** Looks for the loop when it counts, since it starts before it. */
    @Bean
    WorkerAnnouncer workerAnnouncer(
            SplitterProperties properties,
            WorkerProperties work,
            EventPublisher events,
            ObjectProvider<LeaseLoop<?>> loops) {
        var presence = new Presence(
                properties.workerId(), WorkerAnnounced.SPLITTER, "", List.of("splitter"), "cpu", properties.slots());
        Supplier<Pulse> pulse = () -> new Pulse(
                loops.stream().mapToInt(loop -> loop.status().running()).sum(), null);
        return new WorkerAnnouncer(presence, pulse, events, work.announceEvery(), Clock.systemUTC());
    }

    /** Takes the store at start only to come after it. */
    @Bean
    LeaseLoop<SplitRequested> splits(
            LeaseLoops loops,
            SplitterProperties properties,
            ReportingHandler<SplitRequested> handler,
            ObjectStoreAtStart first) {
        return loops.open(WorkQueue.splits(), properties.slots(), worker(properties), handler);
    }

    private static Worker worker(SplitterProperties properties) {
        return new Worker(properties.workerId(), "splitter", "cpu");
    }
}
