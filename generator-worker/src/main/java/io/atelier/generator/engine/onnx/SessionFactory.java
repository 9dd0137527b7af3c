package io.atelier.generator.engine.onnx;

import io.atelier.generator.engine.GenerationFailed;
import java.nio.file.Path;

/** Loads networks to a device. Thread-safe. */
@FunctionalInterface
public interface SessionFactory {

    /**
     * Loads a network.
     *
     * @param file an ONNX file; its external data, if any, is in files beside it
     * @throws GenerationFailed if the file cannot be loaded, or the device cannot be used
     */
    OnnxModel load(Path file);

    /**
     * Loads to the CPU.
     *
     * @param threads threads for one evaluation, including the calling one, at least 1
     */
    static SessionFactory cpu(int threads) {
        return on(InferenceDevice.CPU, threads);
    }

    /**
     * Loads to a device.
     *
     * @param threads threads for what the processor computes, including the calling one, at least 1
     */
    static SessionFactory on(InferenceDevice device, int threads) {
        return file -> OnnxSession.load(file, device, threads);
    }
}
