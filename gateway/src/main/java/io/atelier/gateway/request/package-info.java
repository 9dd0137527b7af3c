/** What a client asks for: the JSON that it sends, read field by field, with every mistake found at once. */
@NullMarked
package io.atelier.gateway.request;

import org.jspecify.annotations.NullMarked;
