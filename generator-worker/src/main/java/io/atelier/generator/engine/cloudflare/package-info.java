/** Engines that generate at Cloudflare: two kinds of self-deployed workers, and Workers AI itself. */
@NullMarked
package io.atelier.generator.engine.cloudflare;

import org.jspecify.annotations.NullMarked;
