/** Taking work from a Kafka share group (KIP-932): lease, renew, hand over, acknowledge. */
@NullMarked
package io.atelier.worker.lease;

import org.jspecify.annotations.NullMarked;
