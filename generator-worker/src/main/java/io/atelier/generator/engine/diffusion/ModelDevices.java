package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.DiffusionPipeline;
import io.atelier.generator.engine.onnx.DeviceKind;
import io.atelier.generator.engine.onnx.InferenceDevice;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The devices that run the models of a worker. A run uses one of them: a free one before one that others use or wait for, and the preferred kind
 * before others. Thread-safe.
 */
final class ModelDevices implements AutoCloseable {

    private final List<ModelDevice> devices;

    /** The number of runs that use or wait for the device with the same index. Guarded by itself. */
    private final int[] runs;

    /** @param devices at least one; the preferred one first */
    ModelDevices(List<ModelDevice> devices) {
        this.devices = List.copyOf(devices);
        this.runs = new int[devices.size()];
    }

    /**
     * The processor alone, for a model that runs on nothing else.
     *
     * @param absent makes it if it is none of the devices
     */
    ModelDevices processor(Supplier<ModelDevice> absent) {
        var processor = devices.stream()
                .filter(each -> each.device().kind() == DeviceKind.CPU)
                .findFirst()
                .orElseGet(absent);
        return new ModelDevices(List.of(processor));
    }

    /** As they are announced, the preferred one first. */
    List<String> names() {
        return devices.stream().map(each -> each.device().announced()).toList();
    }

    /**
     * Chooses a device for a run, which may still have to wait for it. Of several free ones of a kind, one that has the model in its memory.
     *
     * @param owner of the model, as in {@link PipelineCache#use}
     * @param required the name of the device that the request requires; null if any will do
     * @param bytes estimated memory of the model and its run on a device: one that has too little is used only if all have
     * @throws GenerationFailed if the worker does not have the device
     */
    Turn choose(Object owner, @Nullable DeviceName required, ToLongFunction<InferenceDevice> bytes) {
        synchronized (runs) {
            int chosen = indices(device -> required == null
                            || required.includes(device.device().announced()))
                    .min(Comparator.<Integer, Boolean>comparing(index ->
                                    !problem(devices.get(index), "", bytes).isEmpty())
                            .thenComparing(index -> runs[index])
                            .thenComparing(this::rank)
                            .thenComparing(index -> !cache(index).isLoaded(owner))
                            .thenComparing(Comparator.naturalOrder()))
                    .orElseThrow(() -> missing(String.valueOf(required)));
            runs[chosen]++;
            return new Turn(this, chosen);
        }
    }

    /**
     * What is wrong with a model; empty if a device can load it.
     *
     * @param bytes the memory that it needs on a device
     */
    String problem(String name, ToLongFunction<InferenceDevice> bytes) {
        var problems =
                devices.stream().map(device -> problem(device, name, bytes)).toList();
        return problems.stream().filter(String::isEmpty).findFirst().orElse(problems.get(0));
    }

    private static String problem(ModelDevice device, String name, ToLongFunction<InferenceDevice> bytes) {
        return device.cache().problem(name, bytes.applyAsLong(device.device()));
    }

    /**
     * The most memory that a device has for a run, in bytes; see {@link PipelineCache#left}.
     *
     * @param modelBytes the memory that the model itself needs on a device
     */
    long left(ToLongFunction<InferenceDevice> modelBytes) {
        return devices.stream()
                .mapToLong(each -> each.cache().left(modelBytes.applyAsLong(each.device())))
                .max()
                .orElse(0);
    }

    /** Whether the model of an owner is in the memory of a device. */
    boolean isLoaded(Object owner) {
        return devices.stream().anyMatch(device -> device.cache().isLoaded(owner));
    }

    /** Ends the use of the devices by an owner, see {@link PipelineCache#leave}. */
    void leave(Object owner) {
        devices.forEach(device -> device.cache().leave(owner));
    }

    /** Unloads the model of an owner from all devices, see {@link PipelineCache#unload}. */
    void unload(Object owner) {
        devices.forEach(device -> device.cache().unload(owner));
    }

    /** Unloads the models that were idle for the timeout from the devices that no run uses. */
    void unloadIdle() {
        devices.forEach(device -> device.cache().unloadIdle());
    }

    /** Unloads all models; those that are in use when their runs end. */
    @Override
    public void close() {
        devices.forEach(device -> device.cache().close());
    }

    private Stream<Integer> indices(Predicate<ModelDevice> condition) {
        return IntStream.range(0, devices.size())
                .filter(index -> condition.test(devices.get(index)))
                .boxed();
    }

    private PipelineCache<DiffusionPipeline> cache(int index) {
        return devices.get(index).cache();
    }

    /** The place of the first device of the same kind in the order of preference. */
    private int rank(int index) {
        var kind = devices.get(index).device().kind();
        return (int)
                devices.stream().takeWhile(each -> each.device().kind() != kind).count();
    }

    private GenerationFailed missing(String required) {
        return new GenerationFailed(new Failure(
                Code.ENGINE_UNAVAILABLE,
                "This worker has no device '%s'; it has: %s. Start a worker that has it, or require another device."
                        .formatted(required, String.join(", ", names()))));
    }

    private void end(int index) {
        synchronized (runs) {
            runs[index]--;
        }
    }

    /** The use of a device by one run, which may still wait for it. For one thread. */
    static final class Turn implements AutoCloseable {

        private final ModelDevices owner;
        private final int index;

        private Turn(ModelDevices owner, int index) {
            this.owner = owner;
            this.index = index;
        }

        /** The device that was chosen. */
        InferenceDevice device() {
            return owner.devices.get(index).device();
        }

        /** Loads networks to the device. */
        SessionFactory sessions() {
            return owner.devices.get(index).sessions();
        }

        /** The models in the memory of the device. */
        PipelineCache<DiffusionPipeline> cache() {
            return owner.cache(index);
        }

        @Override
        public void close() {
            owner.end(index);
        }
    }
}
