/** Exports of batches of avatars, as JSON, CSV and ZIP. */
@NullMarked
package io.atelier.gateway.api.avatars.export;

import org.jspecify.annotations.NullMarked;
