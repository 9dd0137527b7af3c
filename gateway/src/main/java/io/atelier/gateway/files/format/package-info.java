/** Image files as containers: what kind they are, their size, and the same files without metadata. Nothing is decoded. */
@NullMarked
package io.atelier.gateway.files.format;

import org.jspecify.annotations.NullMarked;
