/** Machine-readable descriptions of the API: OpenAPI for HTTP, AsyncAPI and JSON Schemas for events. */
@NullMarked
package io.atelier.gateway.api.docs;

import org.jspecify.annotations.NullMarked;
