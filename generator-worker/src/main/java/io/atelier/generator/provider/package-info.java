/**
 * How engines ask servers elsewhere, vendors or one's own: bounded connections and answers, retries, breakers, one vocabulary of failures, and
 * no trust in what comes back.
 */
@NullMarked
package io.atelier.generator.provider;

import org.jspecify.annotations.NullMarked;
