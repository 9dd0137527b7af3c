/** Receives image files of clients, describes them, serves them and deletes them. */
@NullMarked
package io.atelier.gateway.api.files;

import org.jspecify.annotations.NullMarked;
