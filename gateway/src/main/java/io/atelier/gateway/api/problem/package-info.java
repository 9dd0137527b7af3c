/** Error responses: every failed request gets an RFC 9457 problem. */
@NullMarked
package io.atelier.gateway.api.problem;

import org.jspecify.annotations.NullMarked;
