/** Engines that generate on servers with the API {@code /sdapi/v1} of AUTOMATIC1111's web UI, such as Forge and SD.Next. */
@NullMarked
package io.atelier.generator.engine.automatic1111;

import org.jspecify.annotations.NullMarked;
