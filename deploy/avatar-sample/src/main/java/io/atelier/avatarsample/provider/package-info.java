/** A scripted server with the images API of OpenAI and the prediction API of Flowise, for samples and tests. */
@NullMarked
package io.atelier.avatarsample.provider;

import org.jspecify.annotations.NullMarked;
