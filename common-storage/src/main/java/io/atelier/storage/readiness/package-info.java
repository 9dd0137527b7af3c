/** Whether the object store can be used, at the start and later on. */
@NullMarked
package io.atelier.storage.readiness;

import org.jspecify.annotations.NullMarked;
