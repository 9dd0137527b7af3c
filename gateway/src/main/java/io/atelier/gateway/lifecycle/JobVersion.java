package io.atelier.gateway.lifecycle;

import java.time.Instant;

/**
 * A version of a job and its time, as the lifecycle counts both.
 *
 * @param number number of the version, from 1; 0 for the time before the first one
 * @param at when the job reached the version
 */
record JobVersion(int number, Instant at) {}
