/** What a client is told when something does not work: problems of RFC 9457, and the id that every answer carries. */
@NullMarked
package io.atelier.gateway.problem;

import org.jspecify.annotations.NullMarked;
