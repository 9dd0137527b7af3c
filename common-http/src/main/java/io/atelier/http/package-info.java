/** The HTTP listener of every service: addresses, timeouts, known hosts, origins, security headers. */
@NullMarked
package io.atelier.http;

import org.jspecify.annotations.NullMarked;
