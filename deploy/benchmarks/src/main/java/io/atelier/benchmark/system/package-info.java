/** The system under test in separate processes, used through its public interfaces only: HTTP and topics. */
@NullMarked
package io.atelier.benchmark.system;

import org.jspecify.annotations.NullMarked;
