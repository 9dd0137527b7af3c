package io.atelier.contract.work;

import java.time.Instant;

/** A request to all workers beside their tasks, on a topic of its own that every worker reads. Of no use some minutes later. */
public sealed interface WorkerCommand permits ModelUnloadRequested, PreviewsRequested {

    /** When it was requested, by the clock of the gateway. */
    Instant at();

    /** What it is about; also the key of its record. */
    String subject();
}
