package io.atelier.generator;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Worker;
import io.atelier.generator.engine.EngineSource;
import io.atelier.worker.lease.TaskConsumer;
import io.atelier.worker.lease.TaskConsumerFactory;
import io.atelier.worker.lease.TaskQueue;
import io.atelier.worker.presence.PeerWorkers;
import io.atelier.worker.store.ObjectStoreStartup;
import io.atelier.worker.task.ReportingTaskHandler;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Leases tasks for models that only some workers of the pool have. */
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

    /** Null if the worker runs no models itself: nothing is forwarded to it. */
    @Bean
    @Nullable
    TaskConsumer<GenerationRequested> forwardedGenerations(
            TaskConsumerFactory consumers,
            GeneratorProperties properties,
            EngineRegistry engines,
            ObjectProvider<EngineSource> models,
            ReportingTaskHandler<GenerationRequested> handler,
            ModelPlacement placement,
            ObjectStoreStartup startup) {
        if (models.getIfAvailable() == null) {
            return null;
        }
        var worker = new Worker(properties.workerId() + "-forwarded", String.join(",", engines.names()), "cpu");
        return consumers.create(
                TaskQueue.forwardedGenerations(properties.pool()), FORWARDED_SLOTS, worker, handler, placement);
    }
}
