package io.atelier.generator;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.generator.engine.onnx.InferenceDevices;
import io.atelier.worker.lease.TaskConsumer;
import io.atelier.worker.lease.TaskConsumerFactory;
import io.atelier.worker.lease.TaskQueue;
import io.atelier.worker.presence.PeerWorkers;
import io.atelier.worker.store.ObjectStoreStartup;
import io.atelier.worker.task.ReportingTaskHandler;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Decides which worker of the pool runs a task for a model that only some of them have. */
@Configuration(proxyBeanMethods = false)
class PlacementConfiguration {

    /** Runs of local models use the device one after another. */
    private static final int FORWARDED_SLOTS = 1;

    @Bean
    PeerWorkers peerWorkers(GeneratorProperties properties) {
        return new PeerWorkers(properties.workerId(), Clock.systemUTC());
    }

    /** Named in generator-worker.yml. */
    @Bean
    Consumer<Message<byte[]>> workers(PeerWorkers peers) {
        return peers::receive;
    }

    @Bean
    ModelPlacement modelPlacement(EngineRegistry engines, PeerWorkers peers) {
        return new ModelPlacement(engines, peers);
    }

    /**
     * Null if the worker has no folder of models: tasks for models of other workers are not forwarded to it.
     *
     * @param modelsFolder empty for none
     */
    @Bean
    @Nullable
    TaskConsumer<GenerationRequested> forwardedGenerations(
            TaskConsumerFactory consumers,
            GeneratorProperties properties,
            EngineRegistry engines,
            InferenceDevices devices,
            ReportingTaskHandler<GenerationRequested> handler,
            ModelPlacement placement,
            @Value("${io.atelier.generator.models.folder}") String modelsFolder,
            ObjectStoreStartup startup) {
        if (modelsFolder.isBlank()) {
            return null;
        }
        var worker = GeneratorApplication.worker(properties.workerId() + "-forwarded", engines, devices);
        return consumers.create(
                TaskQueue.forwardedGenerations(properties.pool()), FORWARDED_SLOTS, worker, handler, placement);
    }
}
