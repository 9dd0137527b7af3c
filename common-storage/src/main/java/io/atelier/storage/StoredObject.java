package io.atelier.storage;

import io.atelier.contract.digest.Sha256;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What lies under a key.
 *
 * @param sha256 lower-case hex of the bytes
 * @param notes the small facts that it was put with
 */
public record StoredObject(ObjectKey key, long bytes, String sha256, String mediaType, Map<String, String> notes) {

    /** S3 servers take 2 KB of names and values; some of it is needed for our own. */
    private static final int NOTES_LIMIT = 1_800;

    private static final String OWN_NOTE = "sha256";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

    public StoredObject {
        notes = Map.copyOf(notes);
    }

    /** The digest by which bytes are known again, as {@link #sha256} has it. */
    public static String sha256Of(byte[] bytes) {
        return Sha256.of(bytes).hex();
    }

    /**
     * Looks at notes before they travel as HTTP headers, where other ones would get lost or refused.
     *
     * @throws IllegalArgumentException if a name or value is not as {@link ObjectStore#put} asks, or all are more than 1800 characters
     */
    static Map<String, String> requireMetadata(Map<String, String> notes) {
        int length = 0;
        for (var note : notes.entrySet()) {
            if (!NAME.matcher(note.getKey()).matches() || note.getKey().equals(OWN_NOTE)) {
                throw new IllegalArgumentException("Not the name of a note: '" + note.getKey() + "'");
            }
            if (!VALUE.matcher(note.getValue()).matches()) {
                throw new IllegalArgumentException("Not the value of a note: '" + note.getValue() + "'");
            }
            length += note.getKey().length() + note.getValue().length();
        }
        if (length > NOTES_LIMIT) {
            throw new IllegalArgumentException(
                    "Notes of " + length + " characters; at most " + NOTES_LIMIT + " are kept");
        }
        return notes;
    }
}
