/** A service of another team: follows the public events and keeps a copy of every picture. */
@NullMarked
package io.atelier.subscriber;

import org.jspecify.annotations.NullMarked;
