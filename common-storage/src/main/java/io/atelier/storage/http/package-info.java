/** HTTP transport of the object store: connections, timeouts and retries. Independent of the S3 protocol. */
@NullMarked
package io.atelier.storage.http;

import org.jspecify.annotations.NullMarked;
