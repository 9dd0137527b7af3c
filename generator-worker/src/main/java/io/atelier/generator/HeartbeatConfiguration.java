package io.atelier.generator;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.PromptRequested;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.onnx.InferenceDevices;
import io.atelier.worker.lease.TaskConsumer;
import io.atelier.worker.presence.WorkerHeartbeat;
import io.atelier.worker.presence.WorkerInfo;
import io.atelier.worker.presence.WorkerInfo.WorkerLoad;
import io.atelier.worker.task.WorkerProperties;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;

/** How a generator worker announces itself: once for its own pool, and once for the pool of the engines on other servers. */
@Configuration(proxyBeanMethods = false)
class HeartbeatConfiguration {

    /**
     * Takes providers of the consumers, because the heartbeat starts before them. Counts the prompts that are being written, too, which take no slot: they
     * are reported by the id of this heartbeat, and a worker that runs nothing is not waited for.
     */
    @Bean
    WorkerHeartbeat workerHeartbeat(
            GeneratorProperties properties,
            WorkerProperties work,
            EngineRegistry engines,
            InferenceDevices devices,
            @Qualifier("generations") ObjectProvider<TaskConsumer<GenerationRequested>> consumer,
            @Qualifier("cpuGenerations") ObjectProvider<TaskConsumer<GenerationRequested>> cpu,
            @Qualifier("gpuGenerations") ObjectProvider<TaskConsumer<GenerationRequested>> gpu,
            @Qualifier("forwardedGenerations") ObjectProvider<TaskConsumer<GenerationRequested>> forwarded,
            ObjectProvider<TaskConsumer<PromptRequested>> prompts) {
        var names = devices.announced();
        var info = new WorkerInfo(
                properties.workerId(),
                WorkerAnnounced.GENERATOR,
                properties.pool(),
                engines.names(),
                names.get(0),
                GeneratorApplication.slots(properties, devices),
                names);
        return heartbeat(
                info,
                work,
                engines,
                engines::models,
                () -> Stream.of(consumer, cpu, gpu, forwarded).flatMap(ObjectProvider::stream),
                prompts::stream);
    }

    /** Null if the worker takes no tasks of the remote pool. */
    @Bean
    @Nullable
    WorkerHeartbeat remoteWorkerHeartbeat(
            GeneratorProperties properties,
            WorkerProperties work,
            EngineRegistry engines,
            @Qualifier("remoteGenerations") ObjectProvider<TaskConsumer<GenerationRequested>> consumer) {
        if (!GeneratorApplication.takesRemoteTasks(properties, engines)) {
            return null;
        }
        var info = new WorkerInfo(
                GeneratorApplication.remoteId(properties),
                WorkerAnnounced.GENERATOR,
                properties.remotePool(),
                engines.names(),
                GenerationEngine.REMOTE,
                properties.remoteSlots());
        return heartbeat(info, work, engines, List::of, consumer::stream, Stream::empty);
    }

    private static WorkerHeartbeat heartbeat(
            WorkerInfo info,
            WorkerProperties work,
            EngineRegistry engines,
            Supplier<List<LocalModel>> models,
            Supplier<Stream<? extends TaskConsumer<?>>> consumers,
            Supplier<Stream<? extends TaskConsumer<?>>> besideSlots) {
        // Looked up at the first heartbeat, when all have been created, and not several times a second.
        var inSlots = SingletonSupplier.of(() -> consumers.get().toList());
        var others = SingletonSupplier.of(() -> besideSlots.get().toList());
        Supplier<WorkerLoad> load = () -> new WorkerLoad(
                TaskConsumer.running(inSlots.obtain().stream()),
                TaskConsumer.running(others.obtain().stream()),
                engines.states(info.devices()),
                models.get());
        return new WorkerHeartbeat(info, load, work.heartbeatInterval(), Clock.systemUTC());
    }
}
