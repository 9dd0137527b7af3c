/** Sends the messages to webhooks: one gateway of all signs and posts them, and repeats attempts that failed. Knows the topic of deliveries only. */
@NullMarked
package io.atelier.gateway.webhooks;

import org.jspecify.annotations.NullMarked;
