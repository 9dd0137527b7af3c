/** All jobs, as the compacted topic has them, with indexes for lists and queues. */
@NullMarked
package io.atelier.gateway.view.jobs;

import org.jspecify.annotations.NullMarked;
