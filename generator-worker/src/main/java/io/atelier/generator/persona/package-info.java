/** Prompts of avatars: written from a persona, read from the store by reference, and kept out of logs and records. */
@NullMarked
package io.atelier.generator.persona;

import org.jspecify.annotations.NullMarked;
