package io.atelier.storage;

import io.atelier.contract.digest.Sha256;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The description of a stored object.
 *
 * @param key key of the object
 * @param bytes length of the content
 * @param sha256 SHA-256 of the content in lower-case hex
 * @param mediaType such as {@code image/png}
 * @param metadata metadata that the object was stored with
 */
public record StoredObject(ObjectKey key, long bytes, String sha256, String mediaType, Map<String, String> metadata) {

    /** S3 servers accept 2 KB of names and values; the rest is for Atelier's own metadata. */
    private static final int MAX_METADATA_CHARACTERS = 1_800;

    /** The name under which the SHA-256 is stored beside the metadata. */
    private static final String SHA256 = "sha256";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

    public StoredObject {
        metadata = Map.copyOf(metadata);
    }

    /**
     * Describes an object that is to be stored.
     *
     * @throws IllegalArgumentException if the metadata does not meet the conditions of {@link ObjectStore#put}
     */
    public static StoredObject of(ObjectKey key, byte[] bytes, String mediaType, Map<String, String> metadata) {
        return new StoredObject(key, bytes.length, sha256Of(bytes), mediaType, requireMetadata(metadata));
    }

    /**
     * Describes an object that was found in a bucket.
     *
     * @param attributes what {@link #attributes} was when the object was stored
     * @throws ObjectStoreFailed of kind {@code REFUSED} if Atelier did not store the object
     */
    public static StoredObject found(
            ObjectKey key, long bytes, String mediaType, Map<String, String> attributes, String bucket) {
        var metadata = new HashMap<>(attributes);
        var sha256 = metadata.remove(SHA256);
        if (sha256 == null) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.REFUSED,
                    "The object " + key + " in the bucket " + bucket
                            + " was not stored by Atelier: it has no SHA-256 in its metadata.");
        }
        return new StoredObject(key, bytes, sha256, mediaType, metadata);
    }

    /** Whether what was found beside the bytes of an object describes an object of Atelier. */
    static boolean isDescribed(Map<String, String> attributes) {
        return attributes.containsKey(SHA256);
    }

    /**
     * Describes a copy of this object.
     *
     * @param other metadata of the copy, in place of that of this object
     * @throws IllegalArgumentException if the metadata does not meet the conditions of {@link ObjectStore#put}
     */
    StoredObject copiedTo(ObjectKey copy, Map<String, String> other) {
        return new StoredObject(copy, bytes, sha256, mediaType, requireMetadata(other));
    }

    /** All that is stored beside the bytes, as user metadata of S3: the metadata and the SHA-256. */
    public Map<String, String> attributes() {
        var attributes = new HashMap<>(metadata);
        attributes.put(SHA256, sha256);
        return attributes;
    }

    /** The SHA-256 of bytes in lower-case hex. */
    public static String sha256Of(byte[] bytes) {
        return Sha256.of(bytes).hex();
    }

    /**
     * Checks metadata, which is sent as HTTP headers: servers would drop or reject other names and values.
     *
     * @throws IllegalArgumentException if the metadata does not meet the conditions of {@link ObjectStore#put}
     */
    static Map<String, String> requireMetadata(Map<String, String> metadata) {
        int length = 0;
        for (var entry : metadata.entrySet()) {
            if (!NAME.matcher(entry.getKey()).matches() || entry.getKey().equals(SHA256)) {
                throw new IllegalArgumentException("Not a metadata name: '" + entry.getKey() + "'");
            }
            if (!VALUE.matcher(entry.getValue()).matches()) {
                throw new IllegalArgumentException("Not a metadata value: '" + entry.getValue() + "'");
            }
            length += entry.getKey().length() + entry.getValue().length();
        }
        if (length > MAX_METADATA_CHARACTERS) {
            throw new IllegalArgumentException(
                    "Metadata of " + length + " characters; at most " + MAX_METADATA_CHARACTERS + " are allowed");
        }
        return metadata;
    }
}
