/** Creates jobs: admission, idempotency, publishing the request, and the response. */
@NullMarked
package io.atelier.gateway.api.submission;

import org.jspecify.annotations.NullMarked;
