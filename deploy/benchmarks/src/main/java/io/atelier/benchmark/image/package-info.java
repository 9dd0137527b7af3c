/** Measures reading, cutting and writing images against ImageIO, with JMH. */
@NullMarked
package io.atelier.benchmark.image;

import org.jspecify.annotations.NullMarked;
