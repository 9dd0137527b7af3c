/** Shows the messages to the webhooks of jobs, and sends them again. */
@NullMarked
package io.atelier.gateway.api.webhooks;

import org.jspecify.annotations.NullMarked;
