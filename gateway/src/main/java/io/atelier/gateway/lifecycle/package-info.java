/** The law of the house: what becomes of a job when something happens to it. The only writer of the topics jobs and events. */
@NullMarked
package io.atelier.gateway.lifecycle;

import org.jspecify.annotations.NullMarked;
