/** The S3 seam: the store of pictures, as a port and as a client of any S3 server. */
@NullMarked
package io.atelier.storage;

import org.jspecify.annotations.NullMarked;
