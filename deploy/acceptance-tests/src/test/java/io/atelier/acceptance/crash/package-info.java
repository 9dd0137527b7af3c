/** The crash suite: if any part of a system is killed, stopped or fails at any stage of a job, no job is lost, duplicated or misreported. */
@NullMarked
package io.atelier.acceptance.crash;

import org.jspecify.annotations.NullMarked;
