package io.atelier.generator;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Worker;
import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.engine.EngineSource;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.automatic1111.Automatic1111Configuration;
import io.atelier.generator.engine.cloudflare.CloudflareConfiguration;
import io.atelier.generator.engine.comfyui.ComfyUiConfiguration;
import io.atelier.generator.engine.diffusion.DiffusionConfiguration;
import io.atelier.generator.engine.huggingface.HuggingFaceConfiguration;
import io.atelier.generator.engine.onnx.InferenceDevices;
import io.atelier.generator.engine.onnx.OnnxRuntimeLibrary;
import io.atelier.generator.engine.openai.OpenAiConfiguration;
import io.atelier.generator.engine.testcard.TestCardEngine;
import io.atelier.generator.persona.AvatarInputs;
import io.atelier.generator.persona.PersonaConfiguration;
import io.atelier.generator.preview.PreviewStage;
import io.atelier.generator.prompt.PromptConfiguration;
import io.atelier.generator.prompt.PromptStage;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.source.SourceImageConfiguration;
import io.atelier.generator.source.SourceImageLoader;
import io.atelier.http.HttpConfiguration;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.messaging.clock.ClockRollbackWatchdog;
import io.atelier.messaging.process.NativeLibraries;
import io.atelier.messaging.process.ProcessLocale;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.StorageConfiguration;
import io.atelier.worker.binding.BindingConfiguration;
import io.atelier.worker.binding.ProgressOutbox;
import io.atelier.worker.cancellation.WorkerCommands;
import io.atelier.worker.lease.LeaseConfiguration;
import io.atelier.worker.lease.TaskConsumer;
import io.atelier.worker.lease.TaskConsumerFactory;
import io.atelier.worker.lease.TaskQueue;
import io.atelier.worker.store.ObjectStoreHealth;
import io.atelier.worker.store.ObjectStoreStartup;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

/** The application of the generator worker and its beans; the settings are in {@code generator-worker.yml} and the environment. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties({GeneratorProperties.class, WorkerProperties.class})
@Import({
    Automatic1111Configuration.class,
    CloudflareConfiguration.class,
    ComfyUiConfiguration.class,
    DeviceQueueConfiguration.class,
    DiffusionConfiguration.class,
    HeartbeatConfiguration.class,
    HuggingFaceConfiguration.class,
    OpenAiConfiguration.class,
    HttpConfiguration.class,
    MessagingConfiguration.class,
    BindingConfiguration.class,
    LeaseConfiguration.class,
    PersonaConfiguration.class,
    PlacementConfiguration.class,
    PreviewConfiguration.class,
    PromptConfiguration.class,
    PromptTaskConfiguration.class,
    SourceImageConfiguration.class,
    StorageConfiguration.class
})
public class GeneratorApplication {

    /** The application, not started, so that it can also run inside another JVM. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(GeneratorApplication.class)
                .properties("spring.config.name=generator-worker")
                .bannerMode(Banner.Mode.OFF)
                .web(WebApplicationType.REACTIVE);
    }

    public static void main(String[] arguments) {
        ProcessLocale.useRoot();
        ClockRollbackWatchdog.start();
        OnnxRuntimeLibrary.unpack(NativeLibraries.folder(System.getenv()));
        application().run(arguments);
    }

    /** Always there, because avatars without a model that can edit use it; the catalogue offers it only if it is switched on. */
    @Bean
    GenerationEngine testCardEngine(GeneratorProperties properties) {
        return new TestCardEngine(properties.testCard());
    }

    @Bean
    ProviderClients providerClients(MeterRegistry meters) {
        return new ProviderClients(meters);
    }

    @Bean
    EngineRegistry engines(
            ObjectProvider<GenerationEngine> engines,
            ObjectProvider<EngineFamily> families,
            ObjectProvider<EngineSource> source,
            WorkerCommands commands) {
        var familyEngines = families.orderedStream().flatMap(family -> family.engines().stream());
        var registry = new EngineRegistry(
                Stream.concat(engines.orderedStream(), familyEngines).toList(),
                source.getIfAvailable(() -> EngineSource.NONE));
        commands.onCommand(registry::obey);
        return registry;
    }

    @Bean
    ImageGenerator imageGenerator(
            GeneratorProperties properties,
            WorkerProperties work,
            EngineRegistry engines,
            AvatarInputs avatars,
            PromptStage prompts,
            SourceImageLoader sources,
            PreviewStage previews,
            ObjectStore store) {
        return new ImageGenerator(
                pool -> pool.equals(properties.remotePool()) && properties.remoteSlots() > 0
                        ? remoteId(properties)
                        : properties.workerId(),
                engines,
                avatars,
                prompts,
                sources,
                previews,
                new ImageRepository(store, work.markImages()),
                new StoreRetry(work.storeTimeout()),
                Clock.systemUTC());
    }

    @Bean
    ReportingTaskHandler<GenerationRequested> generationHandler(
            ImageGenerator generator,
            ModelPlacement placement,
            EventPublisher events,
            ProgressOutbox progress,
            WorkerProperties work,
            ObservationRegistry observations) {
        var pooled = new PooledGenerator(generator, placement::isPossibleOnlyElsewhere);
        return new ReportingTaskHandler<>(pooled, events, progress, Clock.systemUTC(), work, observations);
    }

    @Bean(initMethod = "await")
    ObjectStoreStartup objectStoreAtStart(ObjectStore store, GeneratorProperties properties) {
        return new ObjectStoreStartup(store, properties.storeStartTimeout());
    }

    @Bean
    HealthIndicator objectStoreHealthIndicator(ObjectStore store) {
        return new ObjectStoreHealth(store);
    }

    /** Depends on {@link ObjectStoreStartup} so that no task is taken before the object store is available. */
    @Bean
    TaskConsumer<GenerationRequested> generations(
            TaskConsumerFactory consumers,
            GeneratorProperties properties,
            EngineRegistry engines,
            InferenceDevices devices,
            ReportingTaskHandler<GenerationRequested> handler,
            ModelPlacement placement,
            ObjectStoreStartup startup) {
        var worker = worker(properties.workerId(), engines, devices);
        return consumers.create(
                TaskQueue.generations(properties.pool()), slots(properties, devices), worker, handler, placement);
    }

    static Worker worker(String id, EngineRegistry engines, InferenceDevices devices) {
        return new Worker(
                id, String.join(",", engines.names()), devices.announced().get(0));
    }

    /** Null if the worker takes no tasks of the remote pool. Tasks that only wait for a response have slots of their own, apart from those that use this machine. */
    @Bean
    @Nullable
    TaskConsumer<GenerationRequested> remoteGenerations(
            TaskConsumerFactory consumers,
            GeneratorProperties properties,
            EngineRegistry engines,
            ReportingTaskHandler<GenerationRequested> handler,
            ObjectStoreStartup startup) {
        if (!takesRemoteTasks(properties, engines)) {
            return null;
        }
        var worker = new Worker(remoteId(properties), String.join(",", engines.names()), GenerationEngine.REMOTE);
        return consumers.create(
                TaskQueue.generations(properties.remotePool()), properties.remoteSlots(), worker, handler);
    }

    static boolean takesRemoteTasks(GeneratorProperties properties, EngineRegistry engines) {
        return properties.remoteSlots() > 0 && engines.anyRemote();
    }

    static String remoteId(GeneratorProperties properties) {
        return properties.workerId() + "-remote";
    }

    /** No device is left without a task, however few slots are set. */
    static int slots(GeneratorProperties properties, InferenceDevices devices) {
        return Math.max(properties.slots(), devices.count());
    }
}
