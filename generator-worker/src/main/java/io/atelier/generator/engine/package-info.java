/** The port that every engine implements: it turns a prompt into pixels. */
@NullMarked
package io.atelier.generator.engine;

import org.jspecify.annotations.NullMarked;
