/** What the system owes its users, proven on processes of its own: journeys, kills, restarts, load. */
@NullMarked
package io.atelier.acceptance;

import org.jspecify.annotations.NullMarked;
