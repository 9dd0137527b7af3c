package io.atelier.generator.engine.diffusion.pipeline.model;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import org.jspecify.annotations.Nullable;

/** The failure of a model folder that cannot be used until it is changed: another attempt at this worker cannot help. */
public final class UnusableModel {

    private UnusableModel() {}

    /**
     * Creates the failure.
     *
     * @param message names the file, what is wrong with it and what to do
     */
    public static GenerationFailed because(String message) {
        return because(message, null);
    }

    static GenerationFailed because(String message, @Nullable Throwable cause) {
        return new GenerationFailed(new Failure(Failure.Code.NOT_CONFIGURED, message), cause);
    }
}
