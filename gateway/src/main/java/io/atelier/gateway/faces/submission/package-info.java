/** What all faces share: a request waits for the end of its job, and a repeated request finds the job of the first. */
@NullMarked
package io.atelier.gateway.faces.submission;

import org.jspecify.annotations.NullMarked;
