/** The object store: an interface, and its implementation for S3 servers. */
@NullMarked
package io.atelier.storage;

import org.jspecify.annotations.NullMarked;
