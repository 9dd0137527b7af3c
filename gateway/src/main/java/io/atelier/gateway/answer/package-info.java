/** How whoever asks for a job is answered: at once, at the job's end, with the picture, or with a stream. */
@NullMarked
package io.atelier.gateway.answer;

import org.jspecify.annotations.NullMarked;
