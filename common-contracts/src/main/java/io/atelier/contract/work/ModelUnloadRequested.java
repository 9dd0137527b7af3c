package io.atelier.contract.work;

import java.time.Instant;

/**
 * A request to free the memory of a model as soon as no run uses it.
 *
 * @param model its name in requests
 */
public record ModelUnloadRequested(String model, Instant at) implements WorkerCommand {

    @Override
    public String subject() {
        return model;
    }
}
