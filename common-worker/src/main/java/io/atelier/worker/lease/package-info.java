/** Leases tasks from a Kafka share group (KIP-932): take a record, renew its lease, pass the task to a handler, acknowledge the record. */
@NullMarked
package io.atelier.worker.lease;

import org.jspecify.annotations.NullMarked;
