/** The JSON Schemas of what others may subscribe to, for readers that are not written in Java, and for tests. */
@NullMarked
package io.atelier.contract.schema;

import org.jspecify.annotations.NullMarked;
