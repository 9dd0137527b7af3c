/** A Kafka broker and an S3 server inside this JVM, real ones, with their data on disk. */
@NullMarked
package io.atelier.embedded;

import org.jspecify.annotations.NullMarked;
