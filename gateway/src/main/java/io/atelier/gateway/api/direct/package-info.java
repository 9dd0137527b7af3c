/** Plain requests for new generations, which are accepted before they reach the framework. */
@NullMarked
package io.atelier.gateway.api.direct;

import org.jspecify.annotations.NullMarked;
