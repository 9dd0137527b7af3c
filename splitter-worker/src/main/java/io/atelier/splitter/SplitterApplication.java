package io.atelier.splitter;

import io.atelier.contract.job.Worker;
import io.atelier.contract.work.PublishRequested;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.http.HttpConfiguration;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.messaging.clock.ClockRollbackWatchdog;
import io.atelier.messaging.process.ProcessLocale;
import io.atelier.splitter.publish.AvatarPublisher;
import io.atelier.splitter.publish.PublicBucketStartup;
import io.atelier.splitter.publish.PublishingHealth;
import io.atelier.storage.AvatarStorageProperties;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.PublishingConfiguration;
import io.atelier.storage.StorageConfiguration;
import io.atelier.worker.binding.BindingConfiguration;
import io.atelier.worker.binding.ProgressOutbox;
import io.atelier.worker.lease.LeaseConfiguration;
import io.atelier.worker.lease.TaskConsumer;
import io.atelier.worker.lease.TaskConsumerFactory;
import io.atelier.worker.lease.TaskQueue;
import io.atelier.worker.presence.WorkerHeartbeat;
import io.atelier.worker.presence.WorkerInfo;
import io.atelier.worker.presence.WorkerInfo.WorkerLoad;
import io.atelier.worker.source.RemoteSourceConfiguration;
import io.atelier.worker.source.RemoteSourceProperties;
import io.atelier.worker.source.SourceDownload;
import io.atelier.worker.store.ObjectStoreHealth;
import io.atelier.worker.store.ObjectStoreStartup;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.observation.ObservationRegistry;
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
import org.springframework.util.function.SingletonSupplier;

/** The splitter worker as a process of its own, and its wiring: settings come from {@code splitter-worker.yml} and the environment. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties({SplitterProperties.class, WorkerProperties.class})
@Import({
    BindingConfiguration.class,
    HttpConfiguration.class,
    MessagingConfiguration.class,
    LeaseConfiguration.class,
    PublishingConfiguration.class,
    RemoteSourceConfiguration.class,
    StorageConfiguration.class
})
public class SplitterApplication {

    /** The application, not yet started, so that others can run it inside their JVM. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(SplitterApplication.class)
                .properties("spring.config.name=splitter-worker")
                .bannerMode(Banner.Mode.OFF)
                .web(WebApplicationType.REACTIVE);
    }

    public static void main(String[] arguments) {
        ProcessLocale.useRoot();
        ClockRollbackWatchdog.start();
        application().run(arguments);
    }

    @Bean(initMethod = "await")
    ObjectStoreStartup objectStoreAtStart(ObjectStore store, SplitterProperties properties) {
        return new ObjectStoreStartup(store, properties.storeStartTimeout());
    }

    @Bean
    HealthIndicator objectStoreHealthIndicator(ObjectStore store) {
        return new ObjectStoreHealth(store);
    }

    @Bean
    GridDownload gridDownload(
            ObjectStore store, SourceDownload download, RemoteSourceProperties remote, WorkerProperties work) {
        var decoder =
                new ImageFileDecoder(DecodingBudget.ofProcess(), remote.limits().maxPixels());
        return new GridDownload(store, download, decoder, new StoreRetry(work.storeTimeout()));
    }

    @Bean
    GridSplitter gridSplitter(
            SplitterProperties properties, WorkerProperties work, ObjectStore store, GridDownload downloads) {
        return new GridSplitter(
                worker(properties),
                downloads,
                new GridReader(store, properties, DecodingBudget.ofProcess()),
                new TileRepository(store, work.markImages()),
                new StoreRetry(work.storeTimeout()),
                DecodingBudget.ofProcess());
    }

    @Bean
    ReportingTaskHandler<SplitRequested> splitHandler(
            GridSplitter splitter,
            EventPublisher events,
            ProgressOutbox progress,
            WorkerProperties work,
            ObservationRegistry observations) {
        return new ReportingTaskHandler<>(splitter, events, progress, Clock.systemUTC(), work, observations);
    }

    @Bean
    AvatarPublisher avatarPublisher(
            SplitterProperties properties,
            WorkerProperties work,
            ObjectStore store,
            ObjectPublisher publisher,
            AvatarStorageProperties avatars,
            PublishingHealth health) {
        return new AvatarPublisher(
                worker(properties), store, publisher, avatars.keys(), new StoreRetry(work.storeTimeout()), health);
    }

    @Bean
    ReportingTaskHandler<PublishRequested> publishHandler(
            AvatarPublisher publisher,
            EventPublisher events,
            ProgressOutbox progress,
            WorkerProperties work,
            ObservationRegistry observations) {
        return new ReportingTaskHandler<>(publisher, events, progress, Clock.systemUTC(), work, observations);
    }

    @Bean
    PublishingHealth publishingHealthIndicator(ObjectPublisher publisher) {
        return new PublishingHealth(publisher);
    }

    @Bean
    PublicBucketStartup publicBucketAtStart(PublishingHealth health) {
        return new PublicBucketStartup(health);
    }

    /** Takes providers of the consumers, because the heartbeat starts before them. Publications take no slot. */
    @Bean
    WorkerHeartbeat workerHeartbeat(
            SplitterProperties properties,
            WorkerProperties work,
            ObjectProvider<TaskConsumer<SplitRequested>> splits,
            ObjectProvider<TaskConsumer<PublishRequested>> publications) {
        var presence = new WorkerInfo(
                properties.workerId(), WorkerAnnounced.SPLITTER, "", List.of("splitter"), "cpu", properties.slots());
        // Looked up at the first heartbeat, when all have been created, and not several times a second.
        var inSlots = SingletonSupplier.of(() -> splits.stream().toList());
        var others = SingletonSupplier.of(() -> publications.stream().toList());
        Supplier<WorkerLoad> load = () -> new WorkerLoad(
                TaskConsumer.running(inSlots.obtain().stream()), TaskConsumer.running(others.obtain().stream()), null);
        return new WorkerHeartbeat(presence, load, work.heartbeatInterval(), Clock.systemUTC());
    }

    /** Takes the store at start only to come after it. */
    @Bean
    TaskConsumer<SplitRequested> splits(
            TaskConsumerFactory loops,
            SplitterProperties properties,
            ReportingTaskHandler<SplitRequested> handler,
            ObjectStoreStartup first) {
        return loops.create(TaskQueue.splits(), properties.slots(), worker(properties), handler);
    }

    /** Its name is its own; reports name the worker of the heartbeat. */
    @Bean
    TaskConsumer<PublishRequested> publications(
            TaskConsumerFactory loops,
            SplitterProperties properties,
            ReportingTaskHandler<PublishRequested> handler,
            ObjectStoreStartup first) {
        var name = new Worker(properties.workerId() + "-publish", "splitter", "cpu");
        return loops.create(TaskQueue.publications(), properties.publishSlots(), name, handler);
    }

    private static Worker worker(SplitterProperties properties) {
        return new Worker(properties.workerId(), "splitter", "cpu");
    }
}
