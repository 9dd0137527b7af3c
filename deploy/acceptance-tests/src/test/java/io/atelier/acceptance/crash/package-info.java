/** The crash suite: whatever part of a system dies, stands still, or fails, at whatever stage of a job, no job is lost, doubled or misreported. */
@NullMarked
package io.atelier.acceptance.crash;

import org.jspecify.annotations.NullMarked;
