/** Texts that stand for numbers in ids. */
@NullMarked
package io.atelier.contract.encoding;

import org.jspecify.annotations.NullMarked;
