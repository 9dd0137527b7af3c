/** What holds for every HTTP exchange, whatever its path: versions of HTTP, negotiation headers, proxies, the form of times in JSON. */
@NullMarked
package io.atelier.gateway.api.exchange;

import org.jspecify.annotations.NullMarked;
