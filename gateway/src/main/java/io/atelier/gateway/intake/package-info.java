/** Whether the jobs that were accepted have been entered into the topic of jobs. */
@NullMarked
package io.atelier.gateway.intake;

import org.jspecify.annotations.NullMarked;
