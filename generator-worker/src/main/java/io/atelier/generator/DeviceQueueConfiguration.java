package io.atelier.generator;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Worker;
import io.atelier.generator.engine.onnx.InferenceDevices;
import io.atelier.worker.lease.TaskConsumer;
import io.atelier.worker.lease.TaskConsumerFactory;
import io.atelier.worker.lease.TaskQueue;
import io.atelier.worker.store.ObjectStoreStartup;
import io.atelier.worker.task.ReportingTaskHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What leases the tasks that require a device. */
@Configuration(proxyBeanMethods = false)
class DeviceQueueConfiguration {

    /** Null if the worker does not run models on the processor. */
    @Bean
    @Nullable
    TaskConsumer<GenerationRequested> cpuGenerations(
            TaskConsumerFactory consumers,
            GeneratorProperties properties,
            EngineRegistry engines,
            InferenceDevices devices,
            ReportingTaskHandler<GenerationRequested> handler,
            ModelPlacement placement,
            ObjectStoreStartup startup) {
        var worker = GeneratorApplication.worker(properties.workerId() + "-cpu", engines, devices);
        return onDevices(consumers, properties.pool(), new DeviceName("cpu"), worker, devices, handler, placement);
    }

    /** Null if the worker has no graphics card. */
    @Bean
    @Nullable
    TaskConsumer<GenerationRequested> gpuGenerations(
            TaskConsumerFactory consumers,
            GeneratorProperties properties,
            EngineRegistry engines,
            InferenceDevices devices,
            ReportingTaskHandler<GenerationRequested> handler,
            ModelPlacement placement,
            ObjectStoreStartup startup) {
        var worker = GeneratorApplication.worker(properties.workerId() + "-gpu", engines, devices);
        return onDevices(consumers, properties.pool(), new DeviceName("gpu"), worker, devices, handler, placement);
    }

    /** Leases one task for each device of the kind: a task waits for the device of its run if it is in use. */
    private static @Nullable TaskConsumer<GenerationRequested> onDevices(
            TaskConsumerFactory consumers,
            String pool,
            DeviceName kind,
            Worker worker,
            InferenceDevices devices,
            ReportingTaskHandler<GenerationRequested> handler,
            ModelPlacement placement) {
        int count = Math.toIntExact(
                devices.announced().stream().filter(kind::includes).count());
        return count == 0
                ? null
                : consumers.create(TaskQueue.generations(pool, kind), count, worker, handler, placement);
    }
}
