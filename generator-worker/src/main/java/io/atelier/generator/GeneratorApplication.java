package io.atelier.generator;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.automatic1111.Automatic1111Configuration;
import io.atelier.generator.engine.cloudflare.CloudflareConfiguration;
import io.atelier.generator.engine.comfyui.ComfyUiConfiguration;
import io.atelier.generator.engine.huggingface.HuggingFaceConfiguration;
import io.atelier.generator.engine.openai.OpenAiConfiguration;
import io.atelier.generator.engine.pocket.PocketEngine;
import io.atelier.generator.engine.pocket.PocketProperties;
import io.atelier.generator.engine.testcard.TestCardEngine;
import io.atelier.generator.prompt.PromptConfiguration;
import io.atelier.generator.prompt.PromptStage;
import io.atelier.generator.remote.Remotes;
import io.atelier.generator.source.SourceConfiguration;
import io.atelier.generator.source.Sources;
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
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The generator worker as a process of its own, and its wiring: settings come from {@code generator-worker.yml} and the environment. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties({GeneratorProperties.class, PocketProperties.class, WorkerProperties.class})
@Import({
    Automatic1111Configuration.class,
    CloudflareConfiguration.class,
    ComfyUiConfiguration.class,
    HuggingFaceConfiguration.class,
    OpenAiConfiguration.class,
    MessagingConfiguration.class,
    LeaseConfiguration.class,
    PromptConfiguration.class,
    SourceConfiguration.class,
    StorageConfiguration.class
})
public class GeneratorApplication {

    /** The application, not yet started, so that others can run it inside their JVM. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(GeneratorApplication.class)
                .properties("spring.config.name=generator-worker")
                .bannerMode(Banner.Mode.OFF)
                .web(WebApplicationType.REACTIVE);
    }

    public static void main(String[] arguments) {
        ClockWatch.start();
        application().run(arguments);
    }

    @Bean
    GenerationEngine pocketEngine(PocketProperties properties) {
        return PocketEngine.load(properties);
    }

    @Bean
    @ConditionalOnProperty("io.atelier.generator.test-card")
    GenerationEngine testCardEngine() {
        return new TestCardEngine();
    }

    @Bean
    Remotes remotes(MeterRegistry meters) {
        return new Remotes(meters);
    }

    @Bean
    Engines engines(ObjectProvider<GenerationEngine> engines, ObjectProvider<EngineFamily> families) {
        var members = families.orderedStream().flatMap(family -> family.engines().stream());
        return new Engines(Stream.concat(engines.orderedStream(), members).toList());
    }

    @Bean
    ImageGenerator.Material material(PromptStage prompts, Sources sources) {
        return new ImageGenerator.Material(prompts, sources);
    }

    @Bean
    ImageGenerator imageGenerator(
            GeneratorProperties properties,
            WorkerProperties work,
            Engines engines,
            ImageGenerator.Material material,
            ObjectStore store) {
        var shelf = new ImageGenerator.Shelf(new PictureAlbum(store), new StorePatience(work.storePatience()));
        return new ImageGenerator(properties.workerId(), engines, material, shelf, Clock.systemUTC());
    }

    @Bean
    ReportingHandler<GenerationRequested> generationHandler(
            ImageGenerator generator, EventPublisher events, WorkerProperties work) {
        return new ReportingHandler<>(generator, events, Clock.systemUTC(), work);
    }

    @Bean(initMethod = "await")
    ObjectStoreAtStart objectStoreAtStart(ObjectStore store, GeneratorProperties properties) {
        return new ObjectStoreAtStart(store, properties.storeWait());
    }

    @Bean
    HealthIndicator objectStoreHealthIndicator(ObjectStore store) {
        return new ObjectStoreHealth(store);
    }

    /** Looks for the loop when it counts, since it starts before it. */
    @Bean
    WorkerAnnouncer workerAnnouncer(
            GeneratorProperties properties,
            WorkerProperties work,
            Engines engines,
            EventPublisher events,
            @Qualifier("generations") ObjectProvider<LeaseLoop<GenerationRequested>> loop) {
        var presence = presence(properties.workerId(), properties.pool(), engines, "cpu", properties.slots());
        return announcer(presence, work, engines, events, loop);
    }

    /** None where nobody elsewhere is asked. */
    @Bean
    @Nullable
    WorkerAnnouncer remoteAnnouncer(
            GeneratorProperties properties,
            WorkerProperties work,
            Engines engines,
            EventPublisher events,
            @Qualifier("remoteGenerations") ObjectProvider<LeaseLoop<GenerationRequested>> loop) {
        if (!asksElsewhere(properties, engines)) {
            return null;
        }
        var presence = presence(
                remoteId(properties),
                properties.remotePool(),
                engines,
                GenerationEngine.REMOTE,
                properties.remoteSlots());
        return announcer(presence, work, engines, events, loop);
    }

    /** Takes the store at start only to come after it. */
    @Bean
    LeaseLoop<GenerationRequested> generations(
            LeaseLoops loops,
            GeneratorProperties properties,
            Engines engines,
            ReportingHandler<GenerationRequested> handler,
            ObjectStoreAtStart first) {
        var worker = new Worker(properties.workerId(), String.join(",", engines.names()), "cpu");
        return loops.open(WorkQueue.generations(properties.pool()), properties.slots(), worker, handler);
    }

    /** None where nobody elsewhere is asked. Orders that only wait for an answer do not take the places of those that need this machine. */
    @Bean
    @Nullable
    LeaseLoop<GenerationRequested> remoteGenerations(
            LeaseLoops loops,
            GeneratorProperties properties,
            Engines engines,
            ReportingHandler<GenerationRequested> handler,
            ObjectStoreAtStart first) {
        if (!asksElsewhere(properties, engines)) {
            return null;
        }
        var worker = new Worker(remoteId(properties), String.join(",", engines.names()), GenerationEngine.REMOTE);
        return loops.open(WorkQueue.generations(properties.remotePool()), properties.remoteSlots(), worker, handler);
    }

    private static boolean asksElsewhere(GeneratorProperties properties, Engines engines) {
        return properties.remoteSlots() > 0 && engines.anyRemote();
    }

    private static String remoteId(GeneratorProperties properties) {
        return properties.workerId() + "-remote";
    }

    private static Presence presence(String id, String pool, Engines engines, String device, int slots) {
        return new Presence(id, WorkerAnnounced.GENERATOR, pool, engines.names(), device, slots);
    }

    private static WorkerAnnouncer announcer(
            Presence presence,
            WorkerProperties work,
            Engines engines,
            EventPublisher events,
            ObjectProvider<LeaseLoop<GenerationRequested>> loop) {
        Supplier<Pulse> pulse = () -> new Pulse(
                loop.stream().mapToInt(found -> found.status().running()).sum(), engines.states());
        return new WorkerAnnouncer(presence, pulse, events, work.announceEvery(), Clock.systemUTC());
    }
}
