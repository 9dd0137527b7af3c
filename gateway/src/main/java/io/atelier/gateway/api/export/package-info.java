/** Files that are written while they are sent: archives and tables. */
@NullMarked
package io.atelier.gateway.api.export;

import org.jspecify.annotations.NullMarked;
