package io.atelier.generator.engine;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import java.util.List;
import java.util.Set;

/**
 * Port: turns a prompt into pixels. Thread-safe: {@link #generate} may run on several threads at once.
 */
public interface GenerationEngine extends AutoCloseable {

    /** The device of engines that ask servers elsewhere: many of their runs wait at the same time, and cost this machine little. */
    String REMOTE = "remote";

    /** The name by which the catalogue sends work here, such as {@code pocket}. */
    String name();

    /** What it draws on, such as {@code cpu}; {@link #REMOTE} if it asks a server elsewhere. */
    String device();

    /** What it can be told and do; the same for as long as it lives. */
    Set<Capability> capabilities();

    /** How it does now. Cheap: asks nobody. */
    default EngineStatus status() {
        return EngineStatus.READY;
    }

    /**
     * Draws all pictures of the request, in order: {@code request.n()} of them. With {@link Capability#SIZE} each of
     * {@code request.size()}; with {@link Capability#SEED} picture i with seed {@code request.seed() + i}, and the same request draws the
     * same pictures. Blocks until done.
     *
     * @throws GenerationFailed if it cannot draw
     * @throws GenerationCanceled if the run was told to stop; by then the device is free again
     */
    List<GeneratedImage> generate(GenerationRequest request, GenerationRun run);

    /**
     * Changes pictures as the prompt says; otherwise like {@link #generate}.
     *
     * @param sources 1 to 16, in the order in which the prompt speaks of them
     * @throws GenerationFailed also if it has no {@link Capability#EDIT}
     */
    default List<GeneratedImage> edit(GenerationRequest request, List<SourceImage> sources, GenerationRun run) {
        throw new GenerationFailed(new Failure(
                Failure.Code.REQUEST_REJECTED,
                "The engine '%s' only draws new pictures; it cannot change given ones.".formatted(name())));
    }

    /** Frees the device. No call of {@link #generate} is running or follows. */
    @Override
    default void close() {}
}
