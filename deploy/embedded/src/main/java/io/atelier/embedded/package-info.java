/** A real Kafka broker and an S3 server inside this JVM, with their data on disk. */
@NullMarked
package io.atelier.embedded;

import org.jspecify.annotations.NullMarked;
