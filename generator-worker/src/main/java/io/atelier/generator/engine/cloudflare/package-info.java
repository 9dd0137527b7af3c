/** Engines that draw at Cloudflare: two kinds of workers that people deploy, and Workers AI itself. */
@NullMarked
package io.atelier.generator.engine.cloudflare;

import org.jspecify.annotations.NullMarked;
