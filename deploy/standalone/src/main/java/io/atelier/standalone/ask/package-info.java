/** Asks a gateway: where a job stands, which models there are. */
@NullMarked
package io.atelier.standalone.ask;

import org.jspecify.annotations.NullMarked;
