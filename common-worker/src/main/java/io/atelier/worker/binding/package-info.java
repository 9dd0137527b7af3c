/** The worker's Spring Cloud Stream bindings: cancellations and commands in, heartbeats out. Leases and reports are not bindings; see docs/why/messaging.md. */
@NullMarked
package io.atelier.worker.binding;

import org.jspecify.annotations.NullMarked;
