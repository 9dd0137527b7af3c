/** What every worker needs beside its leases: a name, and the patience to wait for what the ports promise. */
@NullMarked
package io.atelier.messaging.worker;

import org.jspecify.annotations.NullMarked;
