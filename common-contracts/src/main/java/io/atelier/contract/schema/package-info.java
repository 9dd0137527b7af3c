/** The JSON Schemas of the public records, for subscribers that are not written in Java and for tests. */
@NullMarked
package io.atelier.contract.schema;

import org.jspecify.annotations.NullMarked;
