/** Lists of jobs, page by page, and what can be asked of them. */
@NullMarked
package io.atelier.gateway.listing;

import org.jspecify.annotations.NullMarked;
