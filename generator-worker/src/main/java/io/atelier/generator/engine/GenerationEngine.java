package io.atelier.generator.engine;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import java.util.List;
import java.util.Set;

/**
 * Port: turns a prompt into pixels. Thread-safe: {@link #generate} may run on several threads at once.
 */
public interface GenerationEngine extends AutoCloseable {

    /** The device of engines that call other servers: many of their runs can wait at the same time, at little cost for this machine. */
    String REMOTE = "remote";

    /** The name by which the catalogue refers to this engine, such as {@code pocket}. */
    String name();

    /** The device it computes on, such as {@code cpu}, or several with commas between; {@link #REMOTE} if it calls another server. */
    String device();

    /** The devices that a request for it can require, as they are announced; empty if it calls another server. */
    default List<String> devices() {
        return device().equals(REMOTE) ? List.of() : List.of(device());
    }

    /** The supported parameters and functions; always the same for one instance. */
    Set<Capability> capabilities();

    /** The current state, without a call of the server. */
    default EngineStatus status() {
        return EngineStatus.READY;
    }

    /**
     * Generates the {@code request.n()} images of a request, in order. With {@link Capability#SIZE} each has the size {@code request.size()};
     * with {@link Capability#SEED} image i has the seed {@code request.seed() + i}, and the same request gives the same images. Blocks until
     * all are finished.
     *
     * @throws GenerationFailed if the engine or its server fails, or rejects the request
     * @throws GenerationCanceled if the run was canceled; the device is free again by then
     */
    List<GeneratedImage> generate(GenerationRequest request, GenerationRun run);

    /**
     * Edits images as the prompt says; otherwise like {@link #generate}.
     *
     * @param sources 1 to 16 images, and the mask if there is one
     * @throws GenerationFailed also if the engine has no {@link Capability#EDIT}, or no {@link Capability#MASK} and there is a mask
     */
    default List<GeneratedImage> edit(GenerationRequest request, SourceImages sources, GenerationRun run) {
        throw new GenerationFailed(new Failure(
                Failure.Code.REQUEST_REJECTED,
                "The engine '%s' only generates new images; it cannot edit images.".formatted(name())));
    }

    /** Frees the device. The caller ensures that no run is active and none follows. */
    @Override
    default void close() {}
}
