/** The view of all jobs, built from the compacted topic, with indexes for lists and queues. */
@NullMarked
package io.atelier.gateway.view.jobs;

import org.jspecify.annotations.NullMarked;
