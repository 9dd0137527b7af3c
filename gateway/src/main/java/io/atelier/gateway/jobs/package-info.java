/** Where jobs stand: this gateway's view of the compacted topic. */
@NullMarked
package io.atelier.gateway.jobs;

import org.jspecify.annotations.NullMarked;
