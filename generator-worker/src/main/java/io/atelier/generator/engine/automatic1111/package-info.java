/** Engines that draw on servers of the kind of AUTOMATIC1111's web UI: Forge, SD.Next and others that speak its {@code /sdapi/v1}. */
@NullMarked
package io.atelier.generator.engine.automatic1111;

import org.jspecify.annotations.NullMarked;
