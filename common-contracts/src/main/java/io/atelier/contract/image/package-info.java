/** Image descriptions that travel in records: size, stored object, grid layout. */
@NullMarked
package io.atelier.contract.image;

import org.jspecify.annotations.NullMarked;
