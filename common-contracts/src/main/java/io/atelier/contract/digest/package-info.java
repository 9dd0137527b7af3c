/** SHA-256 digests, and the ids derived from them. */
@NullMarked
package io.atelier.contract.digest;

import org.jspecify.annotations.NullMarked;
