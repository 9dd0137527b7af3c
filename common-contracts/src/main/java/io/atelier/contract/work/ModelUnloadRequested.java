package io.atelier.contract.work;

import java.time.Instant;

/**
 * A request to free the memory of a model as soon as no run uses it.
 *
 * @param engine the name of its engine at the workers; a catalogue may give the model another name
 */
public record ModelUnloadRequested(String engine, Instant at) implements WorkerCommand {

    @Override
    public String subject() {
        return engine;
    }
}
