package io.atelier.storage;

import java.time.Instant;
import java.util.Map;

/**
 * What lies under a key.
 *
 * @param sha256 lower-case hex of the bytes
 * @param notes the small facts that it was put with
 */
public record StoredObject(
        ObjectKey key, long bytes, String sha256, String mediaType, Instant lastModified, Map<String, String> notes) {

    public StoredObject {
        notes = Map.copyOf(notes);
    }
}
