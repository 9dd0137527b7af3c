/** How requests travel to an object store: connections, timeouts, further attempts. Knows nothing of objects. */
@NullMarked
package io.atelier.storage.http;

import org.jspecify.annotations.NullMarked;
