/** Endpoints for operators and clients: queues, workers, models, dead letters, probes. */
@NullMarked
package io.atelier.gateway.api.operations;

import org.jspecify.annotations.NullMarked;
