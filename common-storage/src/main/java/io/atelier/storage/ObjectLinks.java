package io.atelier.storage;

import java.net.URI;
import java.time.Duration;

/** Creates the links of an {@link ObjectStore}. Thread-safe; uses no network. */
@FunctionalInterface
public interface ObjectLinks {

    /** A presigned URL, see {@link ObjectStore#link}. */
    URI link(ObjectKey key, Duration validFor, String contentDisposition);
}
