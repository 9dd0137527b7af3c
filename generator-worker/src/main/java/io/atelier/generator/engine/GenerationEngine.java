package io.atelier.generator.engine;

import io.atelier.contract.job.GenerationRequest;
import java.util.List;

/**
 * Port: turns a prompt into pixels. Thread-safe: {@link #generate} may run on several threads at once.
 */
public interface GenerationEngine extends AutoCloseable {

    /** The name by which the catalogue sends work here, such as {@code pocket}. */
    String name();

    /** What it draws on, such as {@code cpu}. */
    String device();

    /**
     * Draws all pictures of the request, in order: {@code request.n()} of them, each of {@code request.size()}, picture i with seed
     * {@code request.seed() + i}. The same request draws the same pictures. Blocks until done.
     *
     * @throws GenerationFailed if it cannot draw
     * @throws GenerationCanceled if the run was told to stop; by then the device is free again
     */
    List<Picture> generate(GenerationRequest request, GenerationRun run);

    /** Frees the device. No call of {@link #generate} is running or follows. */
    @Override
    default void close() {}
}
