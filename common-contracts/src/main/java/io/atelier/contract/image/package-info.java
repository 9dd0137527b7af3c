/** Pictures: their size, where they are kept, and how a grid of them is cut. */
@NullMarked
package io.atelier.contract.image;

import org.jspecify.annotations.NullMarked;
