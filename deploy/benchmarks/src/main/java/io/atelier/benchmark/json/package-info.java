/** Measures reading stored jobs, and rendering them for clients, with JMH. */
@NullMarked
package io.atelier.benchmark.json;

import org.jspecify.annotations.NullMarked;
