/** A system to measure, in processes of its own, seen through its public doors only: HTTP and the topics. */
@NullMarked
package io.atelier.benchmark.system;

import org.jspecify.annotations.NullMarked;
