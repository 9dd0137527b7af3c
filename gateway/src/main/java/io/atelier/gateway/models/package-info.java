/** The models that clients can name: what each can draw, and which engine and queue it belongs to. */
@NullMarked
package io.atelier.gateway.models;

import org.jspecify.annotations.NullMarked;
