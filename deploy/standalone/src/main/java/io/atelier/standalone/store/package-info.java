/** The object store of applications that run in one JVM with the embedded S3 server. */
@NullMarked
package io.atelier.standalone.store;

import org.jspecify.annotations.NullMarked;
