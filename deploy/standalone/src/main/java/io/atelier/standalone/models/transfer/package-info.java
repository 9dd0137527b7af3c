/** Downloads large files: resumes them, checks them, and shows how long they take. */
@NullMarked
package io.atelier.standalone.models.transfer;

import org.jspecify.annotations.NullMarked;
