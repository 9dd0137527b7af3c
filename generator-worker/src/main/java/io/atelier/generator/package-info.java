/** The generator worker: leases generation tasks, runs an engine, stores the images and publishes reports. */
@NullMarked
package io.atelier.generator;

import org.jspecify.annotations.NullMarked;
