/** Records between the lifecycle and the workers beside {@link io.atelier.contract.job.JobEvent}: split tasks, progress, heartbeats. */
@NullMarked
package io.atelier.contract.work;

import org.jspecify.annotations.NullMarked;
