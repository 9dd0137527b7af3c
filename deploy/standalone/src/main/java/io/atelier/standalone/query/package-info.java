/** Commands that query a gateway: jobs, models, workers and the queue. */
@NullMarked
package io.atelier.standalone.query;

import org.jspecify.annotations.NullMarked;
